-- Up Migration

-- In most workspaces a search compares the question with every vector: that is exact, and quick enough. A workspace with
-- tens of thousands of passages gets a table of its own, with an index of neighbours (HNSW), over the vectors of its
-- complete index. Under a filter such an index loses most of what it should find, so nothing is ever filtered there: the
-- table holds one workspace and one model, and the search asks it for more neighbours where some will be left out.
alter table embedding_index
  add column neighbours text,        -- that table's name; null: every vector is compared
  add column neighbour_effort int;   -- how many vectors a search keeps in view there; 0: tried, and it found too little

-- Nobody is granted anything in this schema. The functions below go in, for the workspace of the transaction only.
create schema neighbours;
create sequence neighbours.number;

-- Which share of the ten passages that are nearest to some of the passages themselves is found, with so much effort.
create function neighbours_recall(of_model text, of_fingerprint text, own text, effort int, sample int) returns float8
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  asked record;
  found text[];
  had bigint := 0;
  wanted bigint := 0;
begin
  perform set_config('hnsw.ef_search', effort::text, true), set_config('hnsw.iterative_scan', 'strict_order', true);
  for asked in select embedding from passage_vector
    where workspace_id = current_workspace() and model = of_model and fingerprint = of_fingerprint
    order by md5(passage_hash) limit sample
  loop
    perform set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true);
    execute format('select array(%s)', neighbours_statement(own)) into found using asked.embedding, 100;
    perform set_config('enable_seqscan', 'on', true), set_config('enable_sort', 'on', true);
    select had + count(*) filter (where passage_hash = any(found)), wanted + count(*) into had, wanted from (
      select passage_hash from passage_vector
      where workspace_id = current_workspace() and model = of_model and fingerprint = of_fingerprint
        and passage_hash in (select hash from passage where workspace_id = current_workspace())
      order by (embedding <=> asked.embedding) + 0 limit 10) nearest;
  end loop;
  return had / nullif(wanted, 0)::float8;
end $$;

-- Makes the table for an index that is complete, and names it there once it has shown that it finds 99 of 100. Returns
-- how many vectors it holds; null where it is not used: pgvector before 0.8, vectors of more numbers than it indexes, or
-- vectors among which neighbours are not found (as random ones). Then every vector is compared, as before.
create function make_neighbours(of_model text, of_fingerprint text) returns int
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  set max_parallel_maintenance_workers = 0 -- parallel builds want more shared memory than a container has by default
as $$
declare
  made text := format('w%s_%s', current_workspace(), nextval('neighbours.number'));
  numbers int;
  laid int;
  effort int := 0;
begin
  select dimension into strict numbers from embedding_index
    where workspace_id = current_workspace() and model = of_model and fingerprint = of_fingerprint and complete;
  if numbers <= 4000 and exists (
    select from pg_extension where extname = 'vector' and string_to_array(substring(extversion from '^\d+\.\d+'), '.')::int[] >= '{0,8}')
  then
    execute format('create table neighbours.%I (workspace_id int not null check (workspace_id = %s), passage_hash text primary key,
      embedding halfvec(%s) not null)', made, current_workspace(), numbers);
    execute format('alter table neighbours.%I alter column embedding set storage main, enable row level security, force row level security', made);
    execute format('create policy workspace_fence on neighbours.%I using (workspace_id = (select current_workspace()))', made);
    execute format('insert into neighbours.%I select workspace_id, passage_hash, embedding from passage_vector
      where workspace_id = current_workspace() and model = $1 and fingerprint = $2 and passage_hash in (
        select hash from passage where workspace_id = current_workspace())', made) using of_model, of_fingerprint;
    get diagnostics laid = row_count;
    -- The graph of 100,000 vectors of 128 numbers takes 80 MB; what does not fit is built many times slower.
    perform set_config('maintenance_work_mem', '256MB', true)
      where pg_size_bytes(current_setting('maintenance_work_mem')) < pg_size_bytes('256MB');
    execute format('create index on neighbours.%I using hnsw (embedding halfvec_cosine_ops)', made);
    execute format('analyze neighbours.%I', made);
    foreach effort in array array[400, 1000, 0] loop
      exit when effort = 0 or neighbours_recall(of_model, of_fingerprint, made, effort, 40) >= 0.99;
    end loop;
    if effort = 0 then execute format('drop table neighbours.%I', made); end if;
  end if;
  update embedding_index set neighbours = case when effort > 0 then made end, neighbour_effort = effort
    where workspace_id = current_workspace() and model = of_model and fingerprint = of_fingerprint;
  return case when effort > 0 then laid end;
end $$;

-- Brings that table to the passages there are now, in the transaction that changes them.
create function settle_neighbours(of_model text, of_fingerprint text) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  own text := (select neighbours from embedding_index
    where workspace_id = current_workspace() and model = of_model and fingerprint = of_fingerprint);
begin
  if own is null then return; end if;
  execute format('delete from neighbours.%I where not exists (
    select from passage where workspace_id = current_workspace() and hash = passage_hash)', own);
  execute format('insert into neighbours.%I select workspace_id, passage_hash, embedding from passage_vector new
    where workspace_id = current_workspace() and model = $1 and fingerprint = $2
      and exists (select from passage where workspace_id = current_workspace() and hash = new.passage_hash)
      and not exists (select from neighbours.%I old where old.passage_hash = new.passage_hash)', own, own)
    using of_model, of_fingerprint;
end $$;

-- The workspace's tables that no index names any more.
create function old_neighbour_tables() returns setof name language sql stable security definer
  set search_path = pg_catalog, public, pg_temp as $$
  select relname from pg_class where relnamespace = 'neighbours'::regnamespace and relkind = 'r'
    and starts_with(relname::text, format('w%s_', current_workspace()))
    and not exists (select from embedding_index where workspace_id = current_workspace() and neighbours = relname) $$;

-- Drops them. A search that is still at work there is waited for.
create function drop_old_neighbours() returns int
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  old name;
  dropped int := 0;
begin
  for old in select old_neighbour_tables() loop
    execute format('drop table neighbours.%I', old);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;

-- How neighbours are asked for ($1 the question's vector, $2 how many): in one place, so that its plan can be looked at.
create function neighbours_statement(own text) returns text language sql immutable strict set search_path = pg_catalog
  return format('select passage_hash from neighbours.%I order by embedding <=> $1::halfvec limit $2', own);

-- The nearest passages of the workspace, nearest first; none where every vector is to be compared.
create function nearest_passages(of_model text, of_fingerprint text, asked vector, wanted int) returns table (passage_hash text)
  language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp
  set enable_seqscan = off set enable_sort = off -- whatever the statistics say of a table just made
as $$
declare
  own text;
  effort int;
begin
  select neighbours, neighbour_effort into own, effort from embedding_index
    where workspace_id = current_workspace() and model = of_model and fingerprint = of_fingerprint and complete;
  if own is null then return; end if;
  perform set_config('hnsw.ef_search', effort::text, true), set_config('hnsw.iterative_scan', 'strict_order', true),
    set_config('hnsw.max_scan_tuples', (50 * wanted + 20000)::text, true);
  return query execute neighbours_statement(own) using asked, wanted;
exception
  -- Dropped since this statement began, because another index took over: the vectors of its snapshot are still there.
  when undefined_table then return;
end $$;

revoke execute on function make_neighbours, neighbours_recall, settle_neighbours, old_neighbour_tables, drop_old_neighbours, nearest_passages from public;
grant execute on function make_neighbours, settle_neighbours, drop_old_neighbours to perennial_writer;
grant execute on function nearest_passages, old_neighbour_tables to perennial_reader, perennial_writer;
