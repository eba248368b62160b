/* The workload language, version 1: text to a list of directives that are ready to be carried out.
 *
 * A whole workload is read before anything runs, so an error at its end leaves no half-made trace.
 */
#ifndef SRC_SCRIPT_H
#define SRC_SCRIPT_H

#include "src/engine/engine.h"
#include "src/workload/literal.h"
#include "trace/base/addresses.h"

enum { COUNTER_SIZE = 8, COUNTER_PAD_MOST = 4096 }; /* bytes of a counter, and of the block of a padded one */

enum directive_kind {
#define DIRECTIVE(NAME, name, arguments, operation, parse, kinds, since, sentence) DO_##NAME,
#include "src/workload/directives.def"
#undef DIRECTIVE
	DIRECTIVES
};

/* A row of directives.def. */
struct directive_info {
	const char *name, *arguments, *sentence;
	enum op_kind operation; /* what it carries out; OP_NONE: it is no operation */
	bool needs_map;
	int only; /* the kind of map that has it, -1: every */
	struct {
		int kind;
		const char *release, *method;
	} since; /* maps of that kind have it from a release on */
};
extern const struct directive_info directive_info[DIRECTIVES + 1]; /* the last has a NULL name */
/* The row of a name; NULL: none. */
const struct directive_info *directive_find(const char *name);
/* Do maps of a kind have it? */
bool directive_serves(const struct directive_info *d, enum map_kind kind);

struct directive {
	enum directive_kind kind; /* of all that make a map DO_MAP */
	unsigned line;
	uint8_t core; /* that carries it out */
	unsigned map; /* index into script.maps: the map it works on (DO_NEXT: of its iterator) */
	const char *key_text,
		*elem_text; /* what is shown: the words; a loop's name and count; a race's two operations */
	union {
		struct {
			struct go_value key, elem, new;
		} op; /* put get del; of a sync.Map all; new: what cas stores */
		struct {
			int64_t lo, hi;
		} loop;
		struct {
			unsigned index;
			int64_t n;
		} iter; /* index into script.iters; n < 0: all */
		struct {
			unsigned index;
			int64_t n;
		} counter; /* index into script.counters; bytes it is padded to, or what is added */
		struct {
			const char *text;
			size_t len;
		} say;
		struct {
			struct directive *first, *second;
		} race;
		struct {
			bool mark;
		} gc;
	};
};

struct script_map {
	char name[64];
	const struct engine *engine;
	struct map_options options;
	char place[8], hash[8];
	enum map_kind kind;
	unsigned parts;   /* that it is made of: the maps that follow */
	uint32_t part_of; /* number of the map that is made of this one, 0: none */
};

/* What has names, found by them: names have numbers in the order of their coming. */
enum { NAME_CAP = 64 };
struct names {
	char (*name)[NAME_CAP];
	size_t count, cap;
	struct addresses by_hash; /* number + 1 */
};

struct script {
	struct directive *directive;
	size_t count, cap;
	struct script_map *maps;
	size_t map_count, maps_cap; /* at most UINT32_MAX */
	unsigned selected;          /* map that the next line works on */
	uint8_t core;               /* the core that it runs on */
	struct names map_names;     /* those of its maps */
	size_t *newest, newest_cap; /* the newest map of each name */
	struct names iters;         /* range loops */
	unsigned *iter_map;         /* the map of each as far as the script has been read */
	size_t iter_map_cap;
	struct names counters;
	unsigned marking; /* line of the `gc mark` that no `gc` has ended yet, 0: none */
	struct pool pool;
	const char *text; /* the whole workload, in the pool; NULL: it came line by line */
	char error[1024]; /* of a failed parse: "file:line:column: what\n  line\n  ^" */
};

/* Parses a workload of len bytes; file is its name in errors.  0, or -1 with s->error set.  Either way
 * script_release is due. */
int script_parse(struct script *s, const char *file, const char *text, size_t len);
/* One more line (play, tests); the script goes on. */
int script_parse_line(struct script *s, const char *file, unsigned line, const char *text, size_t len);
void script_init(struct script *s);
void script_release(struct script *s);
/* The newest map of a name, or -1. */
int script_find_map(const struct script *s, const char *name);

/* A word as it must be written: plain, or in quotes with escapes.  Returns a string in the pool. */
const char *script_quote(struct pool *pool, const char *text, size_t len);

/* How many operations it is; a loop is one for each element. */
uint64_t directive_operations(const struct directive *d);

/* The candidate (NULL-ended, stride bytes apart) nearest to a misspelt word, or NULL when none is near. */
const char *script_nearest(const char *word, const char *const *candidates, size_t stride);

#endif
