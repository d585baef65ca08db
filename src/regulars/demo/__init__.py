"""A demo company's customers: made-up people, the same for everybody who tries Regulars."""
