-- What the last record said that made the customer what it is, as a keyed hash of the record as it
-- came: the same record again changes nothing. NULL where anything else has written the customer.
ALTER TABLE {schema}.customer ADD COLUMN record_hash bigint;
