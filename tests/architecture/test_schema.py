"""The schema runs unchanged on PostgreSQL and on Citus, and guards itself (DESIGN D2, D4, D6, D7)."""

from core.kit.db import Row, Tx
from tests.architecture.tables import CLASSES, DISTRIBUTED, JOURNALS, LOCAL, REFERENCE

TABLES = """
select c.relname as name, c.relkind::text as kind
from pg_class as c
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
order by c.relname
"""
COLUMNS = """
select c.relname as name, a.attname as column, format_type(a.atttypid, null) as type, a.attnotnull as is_given,
    a.attidentity <> '' or coalesce(pg_get_expr(d.adbin, d.adrelid) like 'nextval(%%', false) as is_counted
from pg_class as c
inner join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef as d on d.adrelid = c.oid and d.adnum = a.attnum
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
order by c.relname, a.attnum
"""
KEYS = """
select c.relname as name, i.relname as key, x.indisprimary as is_primary, a.attname as first_column
from pg_index as x
inner join pg_class as c on c.oid = x.indrelid
inner join pg_class as i on i.oid = x.indexrelid
left join pg_attribute as a on a.attrelid = c.oid and a.attnum = x.indkey[0]
where x.indisunique and c.relnamespace = 'public'::regnamespace and not c.relispartition
order by i.relname
"""
FOREIGN_KEYS = """
select f.conname as key, c.relname as name, t.relname as target,
    (select array_agg(a.attname::text) from pg_attribute as a where a.attrelid = c.oid and a.attnum = any(f.conkey)) as columns
from pg_constraint as f
inner join pg_class as c on c.oid = f.conrelid
inner join pg_class as t on t.oid = f.confrelid
where f.contype = 'f' and c.relnamespace = 'public'::regnamespace and not c.relispartition and not t.relispartition
order by f.conname
"""
TRIGGERS = """
select t.tgname as name, c.relname as table
from pg_trigger as t
inner join pg_class as c on c.oid = t.tgrelid
where not t.tgisinternal and c.relnamespace = 'public'::regnamespace
"""
RIGHTS = """
select c.relname as name, c.relispartition as is_partition, p.privilege
from pg_class as c
cross join unnest(array['insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as p(privilege)
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    and has_table_privilege('boshu_app', c.oid, p.privilege)
"""
TYPES_BY_UNIT = {"_at": {"timestamp with time zone"}, "_on": {"date"}, "_fen": {"bigint"}, "_ms": {"bigint", "integer"}}


def having(rows: list[Row], **wanted: object) -> list[str]:
    """Name the tables of the rows in which every wanted field has its value."""
    return [str(row["name"]) for row in rows if all(row[field] == value for field, value in wanted.items())]


class TestClasses:
    def test_name_every_table_once(self, tx: Tx) -> None:
        named = [table for name in ("distributed", "reference", "local") for table in CLASSES[name]]

        assert sorted(named) == having(tx.rows(TABLES))

    def test_journals_are_tables(self) -> None:
        assert JOURNALS <= DISTRIBUTED | REFERENCE | LOCAL


class TestDistributedTables:
    def test_belong_to_a_site(self, tx: Tx) -> None:
        given = having(tx.rows(COLUMNS), column="site_id", type="uuid", is_given=True)

        assert DISTRIBUTED - set(given) == set()

    def test_begin_every_key_with_the_site(self, tx: Tx) -> None:
        keys = [row for row in tx.rows(KEYS) if row["name"] in DISTRIBUTED]

        assert [row["key"] for row in keys if row["first_column"] != "site_id"] == []

    def test_count_nothing(self, tx: Tx) -> None:
        """A sequence is one place all nodes would have to ask."""
        assert having(tx.rows(COLUMNS), is_counted=True) == []


class TestForeignKeys:
    def test_stay_within_a_node(self, tx: Tx) -> None:
        """From a fact to a fact of the same site or to a reference table; never to or from the coordinator's."""
        allowed = {
            *((DISTRIBUTED, to) for to in (DISTRIBUTED, REFERENCE)),
            (REFERENCE, REFERENCE),
            *((LOCAL, to) for to in (LOCAL, REFERENCE)),
        }
        found = [
            row["key"]
            for row in tx.rows(FOREIGN_KEYS)
            if not any(row["name"] in source and row["target"] in target for source, target in allowed)
            or ({row["name"], row["target"]} <= DISTRIBUTED and "site_id" not in row["columns"])
        ]

        assert found == []


class TestTables:
    def test_have_no_trigger(self, tx: Tx) -> None:
        assert tx.rows(TRIGGERS) == []

    def test_have_a_primary_key_unless_they_collect_deltas(self, tx: Tx) -> None:
        keyed = having(tx.rows(KEYS), is_primary=True)

        assert {name for name in having(tx.rows(TABLES)) if not name.endswith("_delta")} - set(keyed) == set()

    def test_name_columns_by_their_unit(self, tx: Tx) -> None:
        wrong = [
            f"{row['name']}.{row['column']}: {row['type']}"
            for row in tx.rows(COLUMNS)
            for unit, types in TYPES_BY_UNIT.items()
            if row["column"].endswith(unit) and row["type"].removesuffix("[]") not in types
        ]

        assert wrong == []

    def test_know_no_local_time_and_no_float_of_money(self, tx: Tx) -> None:
        types = {row["type"] for row in tx.rows(COLUMNS)}

        assert types & {"timestamp without time zone", "time with time zone", "money", "real", "json", "character varying"} == set()


class TestRights:
    def test_the_application_only_adds_to_journals(self, tx: Tx) -> None:
        held = [row for row in tx.rows(RIGHTS) if row["name"] in JOURNALS and row["privilege"] != "insert"]

        assert held == []

    def test_the_application_reaches_partitions_through_their_table_alone(self, tx: Tx) -> None:
        assert having(tx.rows(RIGHTS), is_partition=True) == []

    def test_the_application_changes_no_structure(self, tx: Tx) -> None:
        structural = [row for row in tx.rows(RIGHTS) if row["privilege"] in {"truncate", "references", "trigger"}]

        assert structural == []
        assert tx.value("select has_schema_privilege('boshu_app', 'public', 'create')") is False
