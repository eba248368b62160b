/* Spoils workloads and reads them: whatever a text holds, reading it ends with an error or a script, and a
 *script runs without harm and leaves sound maps.  Built with sanitizers this is the test of the language.
 *
 *	fuzz_script ROUNDS SEED FILE...
 */
#include "src/workload/run.h"
#include "src/engine/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 8192, OPS_MOST = 3000 };

static const char *const words[] = { "map", "nilmap", "use", "put", "get", "del", "clear", "fill", "probe",
	"drain", "iter", "next", "range", "say", "race", "gc", "core", "counter", "add", "pad=64", "|", "all",
	"string", "int64", "any", "[129]byte", "struct{}", "[0]byte", "float32", "complex128", "bool",
	"seed=18446744073709551615", "hint=100", "hint=99999999999999999", "go=1.19", "place=stack",
	"hash=aes", "name=x", "NaN", "-0", "1e400", "[]int{}", "nil", "int64(7)", "\"\\x00\"", "\"", "\\",
	"#", "0", "-1", "9223372036854775807", "-9223372036854775808", "0 20", "m", "\xff", "\n", "\t" };

/* One change at a random place. */
static size_t spoil(char *text, size_t n, uint64_t *random)
{
	uint64_t r = random_next(random);
	size_t at = n ? (r >> 8) % n : 0;
	const char *word = words[(r >> 40) % (sizeof words / sizeof *words)];
	size_t len = strlen(word);
	switch (r % 5) {
	case 0: /* a word in the place of what follows */
		for (size_t i = 0; i < len && at + i < n; i++)
			text[at + i] = word[i];
		return n;
	case 1: /* a word between */
		if (n + len + 1 >= TEXT_MOST)
			return n;
		memmove(text + at + len + 1, text + at, n - at);
		memcpy(text + at, word, len);
		text[at + len] = ' ';
		return n + len + 1;
	case 2: /* a byte changed */
		if (n)
			text[at] = (char)(r >> 56);
		return n;
	case 3: { /* a piece cut out */
		size_t cut = (r >> 48) % 40;
		if (at + cut > n)
			cut = n - at;
		memmove(text + at, text + at + cut, n - at - cut);
		return n - cut;
	}
	default: { /* a line doubled elsewhere */
		char *line = memchr(text + at, '\n', n - at);
		size_t l = line ? (size_t)(line - text) + 1 - at : 0;
		if (!l || n + l >= TEXT_MOST)
			return n;
		memmove(text + at + l, text + at, n - at);
		return n + l;
	}
	}
}

static bool stop_in_time(struct run_observer *o, const struct map *m, uint64_t op, enum op_kind kind)
{
	(void)o, (void)m, (void)kind;
	return op < OPS_MOST;
}

static uint64_t parsed, ran;

static void try_text(const char *text, size_t n)
{
	struct script s;
	struct run r;
	struct run_observer o = { .done = stop_in_time };
	char message[CHECK_MESSAGE];
	if (script_parse(&s, "fuzz", text, n) == 0) {
		parsed++;
		if (!run_init(&r, NULL, &o))
			exit(1);
		int status = run_script(&r, &s, 0);
		ran += status >= 0;
		for (size_t i = 0; i < r.maps; i++)
			if (status >= 0 &&
				r.map[i]->engine->check(r.map[i], &r.arena.reader,
					r.map[i]->fault < FAULT_MAP_WRITES, message)) {
				fprintf(stderr, "fuzz_script: map %zu: %s\n%.*s\n", i, message, (int)n, text);
				abort();
			}
		run_release(&r);
	} else if (!strstr(s.error, "fuzz:")) {
		fprintf(stderr, "fuzz_script: an error without its place: %s\n", s.error);
		abort();
	}
	script_release(&s);
}

int main(int argc, char **argv)
{
	char text[TEXT_MOST], spoilt[TEXT_MOST];
	if (argc < 4) {
		fprintf(stderr, "usage: fuzz_script ROUNDS SEED FILE...\n");
		return 2;
	}
	long rounds = atol(argv[1]);
	uint64_t random = strtoull(argv[2], NULL, 10);
	for (long i = 0; i < rounds; i++) {
		FILE *f = fopen(argv[3 + i % (argc - 3)], "rb");
		size_t n = f ? fread(text, 1, sizeof text / 2, f) : 0;
		if (!f)
			return 1;
		fclose(f);
		memcpy(spoilt, text, n);
		for (uint64_t k = random_next(&random) % 8; k > 0; k--)
			n = spoil(spoilt, n, &random);
		try_text(spoilt, n);
	}
	printf("fuzz_script: %ld texts, %llu were workloads, %llu ran to their end\n", rounds,
		(unsigned long long)parsed, (unsigned long long)ran);
	return parsed > 0 && ran > 0 ? 0 : 1;
}
