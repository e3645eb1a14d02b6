"""
Places: who owns them, where they lie, what they hold.

Words: an *organisation* runs *sites*; an *area* is a city, a district or a street office; a *road* lies in an area. A
site is an on-street section of a road or an off-street lot. A *zone* is a part of a site, a *space* holds one vehicle on
the street, a *lane* lets vehicles in and out of a lot, a *capacity* says how many a zone held and when. A
*lane code* stands on a sign beside a lane; a *group* is a named set of sites. What the schema calls a space is called a
berth by people. Tables organisation, area, road, site, zone, space, space_service, lane, lane_code, capacity, site_group,
site_group_member, registry_version, deployment.
"""
