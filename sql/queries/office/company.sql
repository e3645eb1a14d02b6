-- The company that operates: one row, named on reports and bills.

-- name: company_rows
select company_id, name, name_en, contact, phone, address, tax_no, merchant_domain, changed_at, version from company;

-- name: get
select name, name_en, contact, phone, address, tax_no, merchant_domain from company;

-- name: change
update company
set
    name = %(name)s, name_en = %(name_en)s, contact = %(contact)s, phone = %(phone)s, address = %(address)s, tax_no = %(tax_no)s,
    merchant_domain = %(merchant_domain)s, changed_at = %(at)s, version = version + 1
where company_id = %(company_id)s and version = %(version)s;
