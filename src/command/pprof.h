/* A profile as `go tool pprof` reads it: samples of values with stacks and labels.
 *
 * The file is a gzip member (RFC 1952) with stored blocks (RFC 1951: "not compressed"), which needs no
 * library, around a protobuf message of pprof's profile.proto.  A message is fields one after the other; each
 * is a varint tag, the field's number * 8 + its wire type, and then a varint (type 0) or a length and so many
 * bytes (type 2):
 *
 *     0a 04 08 01 10 02      field 1 (sample_type), 4 bytes: { type = string 1, unit = string 2 }
 *     12 ..                  field 2 (sample) { 1: location ids, packed, leaf first; 2: values, packed;
 *                            3: labels }
 *     1a ..                  field 3 (mapping) { 1: id; 5: file name; 7: has_functions }
 *     22 ..                  field 4 (location) { 1: id; 2: mapping; 4: line { 1: function } }
 *     2a ..                  field 5 (function) { 1: id; 2: name; 4: file name }
 *     32 05 "bytes"          field 6 (string_table): string 0 is ""
 *
 * The same samples give the same bytes: no time is written.
 */
#ifndef SRC_PPROF_H
#define SRC_PPROF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { PPROF_VALUES = 4, PPROF_FRAMES = 16, PPROF_LABELS = 4 };

struct pprof_sample {
	const char *frame[PPROF_FRAMES]; /* functions, the innermost first */
	unsigned frames;
	struct {
		const char *key, *value;
	} label[PPROF_LABELS]; /* value NULL: none */
	int64_t value[PPROF_VALUES];
};

struct pprof {
	struct {
		const char *type, *unit;
	} value[PPROF_VALUES];  /* what the values are */
	unsigned default_value; /* which one is shown if nobody asks for another */
	const char *binary;     /* what pprof calls the program */
	const char *drop; /* regular expression: pprof hides these functions and what they call; or NULL */
	const struct pprof_sample *sample;
	size_t samples;
};

/* Writes the profile.  false: out has failed. */
bool pprof_write(const struct pprof *p, FILE *out);

#endif
