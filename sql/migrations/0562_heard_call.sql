-- A stream may break with what it carries: a call waits until the screen itself says that it heard it.
alter table screen_call rename column told_at to heard_at; -- null: not heard yet
