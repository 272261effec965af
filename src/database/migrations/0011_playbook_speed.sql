-- Up Migration

-- A question reads up to some ten thousand postings: with the frequency in the index, it does so without the table.
alter table passage_posting drop constraint passage_posting_pkey,
  add primary key (workspace_id, term, passage_id) include (frequency);

-- An exact search reads every vector of a model. The primary key would do so in the order of hashes, hither and thither
-- over the table; this index has them in the order in which they lie.
create index passage_vector_in_order on passage_vector (workspace_id, model, fingerprint);
