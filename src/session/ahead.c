/* What lies ahead of the map of a session: when it will grow, and keys that will all come into one bucket. */
#include "src/session/private.h"

#include "trace/map/classic/model.h"
#include "trace/base/translate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Candidates that evil hashes at most: some seconds. */
enum { EVIL_TRIES = 1 << 26, EVIL_KEYS = 1000 };

void session_growth(const struct session *s, char *out, size_t cap)
{
	const struct gomap *m = session_map(s);
	struct hmap_view h;
	out[0] = 0;
	if (!m || !m->hmap || !hmap_read(&m->arena->reader, &m->type, m->hmap, &h) || h.B > 40)
		return;
	uint64_t limit = m->release->load_numerator * ((UINT64_C(1) << h.B) / 2), most = UINT64_C(1) << (h.B < 15 ? h.B : 15);
	if (limit < SLOTS)
		limit = SLOTS;
	if (h.oldbuckets) {
		snprintf(out, cap, P_("growing: nevacuate %" PRIu64 " of %" PRIu64 " old bucket; each put or del moves 1 or 2",
				       "growing: nevacuate %" PRIu64 " of %" PRIu64 " old buckets; each put or del moves 1 or 2", h.old_buckets_count), h.nevacuate,
			 h.old_buckets_count);
		return;
	}
	if (h.noverflow >= most) {
		snprintf(out, cap, P_("next growth: the next new key, same size (%u overflow bucket is too many)",
				       "next growth: the next new key, same size (%u overflow buckets are too many)", h.noverflow), h.noverflow);
		return;
	}
	uint64_t left = (uint64_t)h.count <= limit ? limit - (uint64_t)h.count : 0;
	char why[96] = "";
	if (h.B == 0)
		snprintf(why, sizeof why, _("(%" PRIu64 " > one bucket of 8)"), limit + 1);
	else
		snprintf(why, sizeof why, "(%" PRIu64 " > %" PRIu64 " = %g x %" PRIu64 ")", limit + 1, limit, m->release->load_numerator / 2.0,
			 UINT64_C(1) << h.B);
	if (left == 0)
		snprintf(out, cap, _("next growth: the next new key %s"), why);
	else
		snprintf(out, cap, P_("next growth: after %" PRIu64 " more new key %s", "next growth: after %" PRIu64 " more new keys %s", left), left, why);
}

/* ---- keys for one bucket ---- */

static uint64_t word_at(const struct gomap *m, uint64_t addr)
{
	uint64_t v;
	memcpy(&v, arena_host(m->arena, addr), 8);
	return v;
}

/* The B that the map will have with n keys more, if nothing is deleted. */
static unsigned later_B(const struct gomap *m, uint64_t n)
{
	uint64_t count = word_at(m, m->hmap + HMAP_COUNT) + n;
	unsigned B = *(uint8_t *)arena_host(m->arena, m->hmap + HMAP_B);
	while (count > SLOTS && B < 40 && count > m->release->load_numerator * ((UINT64_C(1) << B) / 2))
		B++;
	return B;
}

static int evil_puts(struct session *s, struct gomap *m, uint64_t n, uint64_t bucket, char *said, size_t cap)
{
	const struct map_type *t = &m->type;
	unsigned B = later_B(m, n);
	uint64_t mask = (UINT64_C(1) << B) - 1, found = 0, random = 0;
	uint32_t hash0;
	uint8_t *kb = malloc(LITERAL_BUFFER + t->key.size), *vb = malloc(LITERAL_BUFFER + t->elem.size);
	size_t at = 0;
	if (!kb || !vb)
		abort();
	memcpy(&hash0, arena_host(m->arena, m->hmap + HMAP_HASH0), 4);
	at = (size_t)snprintf(said, cap, _("keys for bucket %" PRIu64 ":"), bucket);
	for (int64_t i = 0; found < n && i < EVIL_TRIES; i++) {
		struct go_value key, elem;
		char line[160], k[32], v[32];
		literal_element(&t->key, i, 'k', kb, &key, NULL);
		if ((hash_value(&m->keys, &key, hash0, &random) & mask) != bucket)
			continue;
		bool there = gomap_silent[t->variant].access(m, &key) != 0;
		m->fault = -1;
		if (there)
			continue;
		literal_element(&t->key, i, 'k', kb, &key, k);
		literal_element(&t->elem, i, 'v', vb, &elem, v);
		snprintf(line, sizeof line, "put %s %s", k, v);
		if (session_append(s, line) != 0)
			break;
		found++;
		if (at + strlen(k) + 8 < cap)
			at += (size_t)snprintf(said + at, cap - at, " %s", k);
		memcpy(&hash0, arena_host(m->arena, m->hmap + HMAP_HASH0), 4);
	}
	free(kb);
	free(vb);
	return found == n ? 0 : -1;
}

/* "evil N [BUCKET]": N puts of keys whose hashes agree in every bit that the map will look at. */
int session_evil(struct session *s, const char *arguments, uint64_t bucket, char *said, size_t cap)
{
	uint64_t n = 5, steps = s->live->source.steps;
	char rest[8] = "";
	int words = sscanf(arguments, "%" SCNu64 " %" SCNu64 " %7s", &n, &bucket, rest);
	if ((words < 1 && arguments[strspn(arguments, " ")]) || words > 2 || n < 1 || n > EVIL_KEYS) {
		session_fail(s, "write evil N [BUCKET]: N keys, 1 to %d, for one bucket", EVIL_KEYS);
		s->column = 6;
		return -1;
	}
	struct gomap *m = session_map(s);
	if (!m || !m->hmap)
		return session_fail(s, "there is no map that could take keys");
	bucket &= (UINT64_C(1) << *(uint8_t *)arena_host(m->arena, m->hmap + HMAP_B)) - 1;
	size_t at = s->lines;
	if (evil_puts(s, m, n, bucket, said, cap) == 0) {
		session_changed(s, at, NULL, 0);
		return 0;
	}
	bool own = s->live->sink.failed || s->run.error[0];
	session_cut(s, at);
	if (steps != s->live->source.steps && session_rebuild(s) != 0)
		return -1;
	return own ? -1 : session_fail(s, "there are not that many keys of this type for one bucket");
}
