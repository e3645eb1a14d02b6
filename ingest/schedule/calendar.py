"""Calendars kept ahead of the clock: years that are known from elsewhere are published before anybody needs them."""

from core.billing import calendar, published
from core.kit.clock import city_date
from ingest.schedule.job import Work
from ingest.simulator import holidays


def extend(work: Work) -> str:
    """
    Publish this year and the next one where they are known from elsewhere and not published here.

    What people published stands: a year of which one day is known is left to them.
    """
    at = work.clock.now()
    published_n = 0
    with work.database.transaction() as tx:
        jurisdiction = calendar.used(tx)
        for year in (city_date(at).year, city_date(at).year + 1):
            first, end = calendar.year_of(year)
            if calendar.count_unknown(tx, jurisdiction=jurisdiction, year=year) < (end - first).days:
                continue
            days, source = {
                published.JURISDICTION: (published.list_year(year), published.SOURCE),
                holidays.JURISDICTION: (list(holidays.years(year, year)), calendar.DEMO),
            }.get(jurisdiction, ([], ""))
            if days and calendar.publish(tx, days, jurisdiction=jurisdiction, source=source, by=None, at=at):
                published_n += 1
    return f"{published_n} years published"
