"""
Sheets: rows of a list as a file for people, CSV, XLSX or PDF. Nothing else of the product writes such files.

`sheet` says what stands in one, `source` reads its rows as cells, `guard` keeps text from being taken for a formula,
`as_csv`, `as_xlsx` and `as_pdf` write.
"""
