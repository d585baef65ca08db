-- cause: which of the causes of its code a problem has, where there are several.
ALTER TABLE {schema}.import_problem ADD COLUMN cause text COLLATE "C";
