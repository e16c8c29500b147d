-- Roles of a community that stand for cities: whoever has one when joining lives there, until they say otherwise.
CREATE TABLE city_roles (
    community BIGINT NOT NULL REFERENCES communities (community) ON DELETE CASCADE,
    role      BIGINT NOT NULL,
    city      BIGINT NOT NULL,
    PRIMARY KEY (community, role)
);
