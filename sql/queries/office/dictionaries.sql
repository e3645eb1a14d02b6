-- Words an operator chooses from: reasons and kinds that forms offer.

-- name: word_rows
select word_id, dictionary, code, name, name_en, position, state, is_built_in, version from dictionary_word;

-- name: list_used
select code, name, name_en from dictionary_word
where dictionary = %(dictionary)s and state = 'used'
order by position, code
limit 500;

-- name: add
insert into dictionary_word (word_id, dictionary, code, name, name_en, position)
values (%(word_id)s, %(dictionary)s, %(code)s, %(name)s, %(name_en)s, %(position)s)
on conflict (dictionary, code) do nothing;

-- name: change
update dictionary_word
set name = %(name)s, name_en = %(name_en)s, position = %(position)s, version = version + 1
where word_id = %(word_id)s and version = %(version)s;

-- name: set_state
update dictionary_word
set state = %(state)s, version = version + 1
where word_id = any(%(keys)s::uuid[]) and state <> %(state)s;
