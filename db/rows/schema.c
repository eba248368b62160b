/* The schema of a trace: what people ask (rows), and what is packed (chunk, keyframe).
 *
 * It is SQL in a C string, so that no build step makes it; the comments become part of the file.  user_version says
 * which schema and codec a file has: one number for both, because a reader needs both.  New kinds of events, new tables
 * and new columns do not need a new version.  No name is a word of SQL that would need quotes.
 */
#include "db/rows/schema.h"

#include <stddef.h>

const char schema_sql[] =
"CREATE TABLE meta(            -- facts of the recording\n"
"  name TEXT NOT NULL,         -- tool, format, workload (its name), workload_text,\n"
"                              -- complete (only when it came to its end)\n"
"  value TEXT) STRICT;\n"

"CREATE TABLE map(             -- the maps\n"
"  map INTEGER PRIMARY KEY,\n"
"  name TEXT NOT NULL,\n"
"  key_type TEXT NOT NULL, elem_type TEXT NOT NULL,  -- Go's syntax\n"
"  go TEXT NOT NULL, arch TEXT NOT NULL,             -- release and architecture that were reproduced\n"
"  seed INTEGER NOT NULL,                            -- 64 bits, above 2^63 they show as negative\n"
"  hint INTEGER,                                     -- null: none\n"
"  place TEXT NOT NULL, hash TEXT NOT NULL,          -- heap or stack; mem, aes\n"
"  hmap INTEGER NOT NULL,                            -- its address, 0 for a nil map\n"
"  kind TEXT NOT NULL DEFAULT '',                    -- classic, sync\n"
"  part_of INTEGER) STRICT;                          -- the map that is made of this one; null: none\n"

"CREATE TABLE type(            -- structures in memory: the runtime's and the bucket of each map\n"
"  type INTEGER PRIMARY KEY,\n"
"  name TEXT NOT NULL,         -- hmap, mapextra, hiter, bucket\n"
"  map INTEGER,                -- whose bucket\n"
"  size INTEGER NOT NULL) STRICT;\n"

"CREATE TABLE field(           -- and their parts\n"
"  type INTEGER NOT NULL,\n"
"  name TEXT NOT NULL,\n"
"  offset INTEGER NOT NULL, size INTEGER NOT NULL,   -- bytes, of one item\n"
"  count INTEGER NOT NULL,     -- items\n"
"  role TEXT NOT NULL) STRICT; -- top, key, elem, ptr\n"

"CREATE TABLE operation(\n"
"  op INTEGER PRIMARY KEY,     -- 1, 2, ...\n"
"  map INTEGER,                -- null: none (gc)\n"
"  kind TEXT NOT NULL,         -- put get del clear iter next range race gc; sync.Map:\n"
"                              -- loadorstore swap cas cad loadanddelete\n"
"  key TEXT, elem TEXT,        -- their values, as slot.key and slot.elem show them; a loop's or counter's name\n"
"  first_step INTEGER NOT NULL,\n"
"  key_source TEXT, elem_source TEXT,                -- as the workload wrote them; null: the same\n"
"  core INTEGER, goroutine INTEGER) STRICT;          -- where it ran; null: core 0, not known\n"

"CREATE TABLE race(            -- the two operations of a race; its operation.key is what the workload wrote\n"
"  op INTEGER PRIMARY KEY,\n"
"  kind TEXT NOT NULL, key TEXT, elem TEXT,          -- the first, which is writing\n"
"  second_kind TEXT NOT NULL,                        -- the one that comes meanwhile\n"
"  second_key TEXT, second_elem TEXT) STRICT;\n"

"CREATE TABLE event_kind(      -- the kinds of events in this trace\n"
"  kind INTEGER PRIMARY KEY,   -- its number in chunk.data and chunk.kinds, from 0\n"
"  name TEXT NOT NULL,\n"
"  fields TEXT NOT NULL,       -- how it is packed: see mapscope-trace(5)\n"
"  arguments TEXT NOT NULL,    -- names of its numbers a b c d e f\n"
"  role TEXT NOT NULL,         -- fact: changes memory; read: looks at it; note\n"
"  predictions TEXT NOT NULL,  -- what its numbers are expected to be\n"
"  map_kind TEXT NOT NULL) STRICT; -- the kind of map that it belongs to, or common\n"

"CREATE TABLE bucket_array(    -- arrays of buckets\n"
"  step INTEGER NOT NULL, op INTEGER, map INTEGER,   -- op null: between two operations\n"
"  address INTEGER NOT NULL,\n"
"  B INTEGER NOT NULL,         -- 2^B main buckets\n"
"  buckets INTEGER NOT NULL, preallocated INTEGER NOT NULL, -- main ones; overflow ones behind them\n"
"  freed_step INTEGER) STRICT; -- null: lives\n"

"CREATE TABLE allocation(      -- blocks of memory, the arrays too\n"
"  step INTEGER NOT NULL, op INTEGER, map INTEGER,\n"
"  address INTEGER NOT NULL,\n"
"  size INTEGER NOT NULL, rounded INTEGER NOT NULL,  -- bytes asked for, bytes taken\n"
"  role TEXT NOT NULL,         -- hmap, buckets, overflow, extra, slice, key, elem, key text, elem text, box, hiter,\n"
"                              -- sync.Map, readOnly, entry, value\n"
"  class INTEGER,              -- size class 1..67; 0: a span of its own; null: on a stack\n"
"  span INTEGER, object INTEGER,                     -- address of the span, index in it\n"
"  freed_step INTEGER) STRICT;\n"

"CREATE TABLE span(            -- runs of pages that the page heap gave\n"
"  step INTEGER NOT NULL, op INTEGER, map INTEGER,   -- who asked\n"
"  address INTEGER NOT NULL, pages INTEGER NOT NULL, -- of 8 KiB\n"
"  class INTEGER, noscan INTEGER NOT NULL,           -- as above; 1: objects without pointers\n"
"  objects INTEGER NOT NULL,                         -- how many fit\n"
"  freed_step INTEGER) STRICT; -- null: not given back\n"

"CREATE TABLE mcache(          -- which span mcache allocates from: each change\n"
"  step INTEGER NOT NULL, op INTEGER,\n"
"  class INTEGER, noscan INTEGER,                    -- null: all were given up, to the collector\n"
"  span INTEGER, source TEXT) STRICT;                -- mheap or mcentral\n"

"CREATE TABLE overflow(        -- overflow buckets linked into a chain\n"
"  step INTEGER NOT NULL, op INTEGER, map INTEGER,\n"
"  bucket INTEGER NOT NULL, depth INTEGER NOT NULL,  -- of which chain, the how-manieth from 1\n"
"  address INTEGER NOT NULL,\n"
"  source TEXT NOT NULL) STRICT;                     -- pre or heap\n"

"CREATE TABLE growth(\n"
"  growth INTEGER PRIMARY KEY,\n"
"  map INTEGER, op INTEGER,    -- the operation that began it\n"
"  reason TEXT NOT NULL,       -- load, overflow\n"
"  old_B INTEGER NOT NULL, new_B INTEGER NOT NULL,\n"
"  first_step INTEGER NOT NULL, last_step INTEGER) STRICT; -- null: goes on\n"

"CREATE TABLE evacuation(      -- old buckets evacuated with their chains\n"
"  growth INTEGER,\n"
"  bucket INTEGER NOT NULL, op INTEGER,\n"
"  first_step INTEGER NOT NULL, last_step INTEGER NOT NULL,\n"
"  to_x INTEGER NOT NULL, to_y INTEGER NOT NULL,     -- entries\n"
"  overflow INTEGER NOT NULL) STRICT;                -- overflow buckets made for them\n"

"CREATE TABLE chunk(           -- all steps, packed as db/pack/codec.c says; the virtual table event unpacks them\n"
"  first_step INTEGER PRIMARY KEY,\n"
"  count INTEGER NOT NULL,\n"
"  checksum INTEGER NOT NULL,  -- of data, first_step and count\n"
"  kinds BLOB NOT NULL,        -- how many events of each kind\n"
"  data BLOB NOT NULL) STRICT;\n"

"CREATE TABLE keyframe(        -- all live memory after a step, packed as db/pack/keyframe.c says\n"
"  step INTEGER PRIMARY KEY,\n"
"  bytes INTEGER NOT NULL,     -- of memory\n"
"  checksum INTEGER NOT NULL,  -- of data, step and bytes\n"
"  data BLOB NOT NULL) STRICT;\n"

"CREATE TABLE timeline(        -- a thousand operations a row, for a picture of the whole recording\n"
"  first_op INTEGER PRIMARY KEY,\n"
"  count INTEGER NOT NULL,\n"
"  max_steps INTEGER NOT NULL, -- of the dearest of them\n"
"  flags INTEGER NOT NULL,     -- what any of them did: 1 ran in a growth, 2 made an overflow bucket\n"
"  data BLOB NOT NULL) STRICT; -- a varint each: steps << 2 | flags\n";

const struct schema_table schema_tables[] = {
	{ "meta", "name value", true, 2 },
	{ "map", "map name key_type elem_type go arch seed hint place hash hmap kind part_of", true, 11 },
	{ "type", "type name map size", true, 4 },
	{ "field", "type name offset size count role", true, 6 },
	{ "operation", "op map kind key elem first_step key_source elem_source core goroutine", true, 6 },
	{ "race", "op kind key elem second_kind second_key second_elem", true, 0 },
	{ "event_kind", "kind name fields arguments role predictions map_kind", true, 0 },
	{ "bucket_array", "step op map address B buckets preallocated freed_step", true, 8 },
	{ "allocation", "step op map address size rounded role class span object freed_step", true, 11 },
	{ "span", "step op map address pages class noscan objects freed_step", true, 9 },
	{ "mcache", "step op class noscan span source", true, 6 },
	{ "overflow", "step op map bucket depth address source", true, 7 },
	{ "growth", "growth map op reason old_B new_B first_step last_step", true, 8 },
	{ "evacuation", "growth bucket op first_step last_step to_x to_y overflow", true, 8 },
	{ "chunk", "first_step count checksum kinds data", false, 5 },
	{ "keyframe", "step bytes checksum data", false, 4 },
	{ "timeline", "first_op count max_steps flags data", false, 5 },
	{ NULL, NULL, false, 0 },
};
