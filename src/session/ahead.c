/* What lies ahead of the map of a session: when it will grow, and keys that all belong to one group. */
#include "src/session/private.h"

#include "trace/base/memory.h"
#include "trace/base/translate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Candidates that are hashed at most: some seconds. */
enum { COLLIDE_TRIES = 1 << 26, COLLIDE_KEYS = 1000 };

void session_growth(const struct session *s, char *out, size_t cap)
{
	const struct map *m = session_map(s);
	out[0] = 0;
	if (m)
		m->engine->forecast(m, out, cap);
}

/* ---- keys for one group ---- */

static int put_colliding(struct session *s, struct map *m, uint64_t n, uint64_t group, char *said, size_t cap)
{
	const struct engine *e = m->engine;
	uint64_t groups = e->groups(m, &m->arena->reader, n), found = 0;
	uint8_t *kb = memory_get(LITERAL_BUFFER + m->key.size),
		*vb = memory_get(LITERAL_BUFFER + m->elem.size);
	size_t at = (size_t)snprintf(said, cap, _("keys for bucket %" PRIu64 ":"), group);
	for (int64_t i = 0; found < n && i < COLLIDE_TRIES; i++) {
		struct go_value key, elem;
		char line[160], k[32], v[32];
		literal_element(&m->key, i, 'k', kb, &key, NULL);
		if (e->group(m, groups, &key) != group || e->has(m, &key))
			continue;
		literal_element(&m->key, i, 'k', kb, &key, k);
		literal_element(&m->elem, i, 'v', vb, &elem, v);
		snprintf(line, sizeof line, "put %s %s", k, v);
		if (session_append(s, line) != 0)
			break;
		found++;
		if (at + strlen(k) + 8 < cap)
			at += (size_t)snprintf(said + at, cap - at, " %s", k);
	}
	free(kb);
	free(vb);
	return found == n ? 0 : -1;
}

/* "evil N [BUCKET]": N puts of keys whose hashes agree in every bit that the map will look at. */
int session_collide(struct session *s, const char *arguments, uint64_t bucket, char *said, size_t cap)
{
	uint64_t n = 5, steps = s->store->source->steps;
	char rest[8] = "";
	int words = sscanf(arguments, "%" SCNu64 " %" SCNu64 " %7s", &n, &bucket, rest);
	if ((words < 1 && arguments[strspn(arguments, " ")]) || words > 2 || n < 1 || n > COLLIDE_KEYS) {
		session_fail(s, "write evil N [BUCKET]: N keys, 1 to %d, for one bucket", COLLIDE_KEYS);
		s->column = 6;
		return -1;
	}
	struct map *m = session_map(s);
	uint64_t groups = m ? m->engine->groups(m, &m->arena->reader, 0) : 0;
	if (!groups)
		return session_fail(s, "there is no map that could take keys");
	bucket %= groups;
	size_t at = s->lines;
	if (put_colliding(s, m, n, bucket, said, cap) == 0) {
		session_changed(s, at, NULL, 0);
		return 0;
	}
	bool own = s->store->sink->failed || s->run.error[0];
	session_cut(s, at);
	if (steps != s->store->source->steps && session_rebuild(s) != 0)
		return -1;
	return own ? -1 : session_fail(s, "there are not that many keys of this type for one bucket");
}
