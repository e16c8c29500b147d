# What commands and clicks answer.
