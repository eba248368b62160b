/* The schema of a trace: what people ask (rows), and what is packed (chunk, keyframe).
 *
 * It is SQL in a C string, so that no build step makes it; the comments become part of the file. user_version
 * says which schema and codec a file has: one number for both, because a reader needs both.  New kinds of
 * events, new tables and new columns do not need a new version.  No name is a word of SQL that would need
 * quotes.
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
	"  go TEXT NOT NULL, arch TEXT NOT NULL,             -- release and architecture that were "
	"reproduced\n"
	"  seed INTEGER NOT NULL,                            -- 64 bits, above 2^63 they show as negative\n"
	"  hint INTEGER,                                     -- null: none\n"
	"  place TEXT NOT NULL, hash TEXT NOT NULL,          -- heap or stack; mem, aes\n"
	"  hmap INTEGER NOT NULL,                            -- its address, 0 for a nil map\n"
	"  kind TEXT NOT NULL DEFAULT '',                    -- classic, sync\n"
	"  part_of INTEGER,                                  -- the map that is made of this one; null: "
	"none\n"
	"  type INTEGER) STRICT;                             -- its type, with its key and elem\n"

	"CREATE TABLE type(            -- what lies in memory: keys, elems, maps, the runtime's structs, the "
	"bucket of each map\n"
	"  type INTEGER PRIMARY KEY,   -- 1, 2, ...; a type refers to smaller numbers only\n"
	"  name TEXT NOT NULL,         -- int64, map[string]int64, hmap, bucket\n"
	"  map INTEGER,                -- of a group: whose bucket\n"
	"  size INTEGER NOT NULL,      -- bytes\n"
	"  kind TEXT NOT NULL DEFAULT '',                    -- int64 string array map struct group ...\n"
	"  align INTEGER NOT NULL DEFAULT 1,                 -- bytes\n"
	"  pointers INTEGER NOT NULL DEFAULT 0,              -- 1: the collector looks at it\n"
	"  key INTEGER, elem INTEGER,  -- types: of a map or group; elem of an array, too\n"
	"  count INTEGER) STRICT;      -- items of an array, slots of a group\n"

	"CREATE TABLE field(           -- and their parts\n"
	"  type INTEGER NOT NULL,\n"
	"  name TEXT NOT NULL,\n"
	"  offset INTEGER NOT NULL, size INTEGER NOT NULL,   -- bytes, of one item\n"
	"  count INTEGER NOT NULL,     -- items\n"
	"  role TEXT NOT NULL,         -- top, key, elem, ptr\n"
	"  item INTEGER) STRICT;       -- type of one item; null: only its size is known\n"

	"CREATE TABLE operation(\n"
	"  op INTEGER PRIMARY KEY,     -- 1, 2, ...\n"
	"  map INTEGER,                -- null: none (gc)\n"
	"  kind TEXT NOT NULL,         -- put get del clear iter next range race gc; sync.Map:\n"
	"                              -- loadorstore swap cas cad loadanddelete\n"
	"  key TEXT, elem TEXT,        -- their values, as slot.key and slot.elem show them; a loop's or "
	"counter's name\n"
	"  first_step INTEGER NOT NULL,\n"
	"  key_source TEXT, elem_source TEXT,                -- as the workload wrote them; null: the same\n"
	"  core INTEGER, goroutine INTEGER) STRICT;          -- where it ran; null: core 0, not known\n"

	"CREATE TABLE race(            -- the two operations of a race; its operation.key is what the "
	"workload wrote\n"
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

#define ROW_TABLE(NAME, name, of, key, columns, last, values, before, sql) sql
#include "db/rows/rows.def"
#undef ROW_TABLE

	"CREATE TABLE chunk(           -- all steps, packed as db/pack/codec.c says; the virtual table event "
	"unpacks them\n"
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
	"  flags INTEGER NOT NULL,     -- what any of them did: 1 ran in a growth, 2 made an overflow "
	"bucket\n"
	"  data BLOB NOT NULL) STRICT; -- a varint each: steps << 2 | flags\n";

const struct schema_table schema_tables[] = {
	{ "meta", "name value", true, 2 },
	{ "map", "map name key_type elem_type go arch seed hint place hash hmap kind part_of type", true,
		11 },
	{ "type", "type name map size kind align pointers key elem count", true, 4 },
	{ "field", "type name offset size count role item", true, 6 },
	{ "operation", "op map kind key elem first_step key_source elem_source core goroutine", true, 6 },
	{ "race", "op kind key elem second_kind second_key second_elem", true, 0 },
	{ "event_kind", "kind name fields arguments role predictions map_kind", true, 0 },
#define ROWID ""
#define KEY(name) name " "
#define LAST(name) " " name
#define NO_LAST ""
#define ROW_TABLE(NAME, name, of, key, columns, last, values, before, sql) \
	{ #name, key columns last, true, before },
#include "db/rows/rows.def"
#undef ROWID
#undef KEY
#undef LAST
#undef NO_LAST
#undef ROW_TABLE
	{ "chunk", "first_step count checksum kinds data", false, 5 },
	{ "keyframe", "step bytes checksum data", false, 4 },
	{ "timeline", "first_op count max_steps flags data", false, 5 },
	{ NULL, NULL, false, 0 },
};
