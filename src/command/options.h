/* The options of a command: a table of them, read by one function.
 *
 *     struct question q = { 0 };
 *     const struct option_row rows[] = {
 *             OPTION_COUNT("op", &q.op, N_("\"%s\" is no number of an operation")),
 *             OPTION_FLAG("json", &q.json),
 *             { 0 } };
 *     int status = options_read("heap", argc, argv, rows);
 *     if (status >= 0)
 *             return status;
 *
 * --help is every command's; one that has more to say than commands.def has a row for it.  Each option that
 * commands.def names for a command must have its row here, with or without an argument as there: a mistake of
 * the programmer's, which an assertion finds.  A row more is an option that --help does not tell of (replay's
 * in demo).
 */
#ifndef SRC_OPTIONS_H
#define SRC_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/* What an option stores where: true in a bool; its argument; a whole number from 0, from 1; whatever read
 * makes of it. */
enum option_kind {
	OPTION_IS_FLAG,
	OPTION_IS_TEXT,
	OPTION_IS_NUMBER,
	OPTION_IS_COUNT,
	OPTION_IS_READ,
	OPTION_IS_ACTION
};

/* Reads the argument (NULL: the option takes none) into to: -1, or the exit status with which the command
 * ends, after it has said why. */
typedef int option_read(const char *command, const char *argument, void *to);

struct option_row {
	const char *name; /* NULL: the table's end */
	enum option_kind kind;
	char letter; /* -o, 0: it has none */
	void *to;
	const char *wrong; /* of numbers: a sentence with %s for the argument, through N_() */
	option_read *read;
};
#define OPTION_FLAG(name, to) \
	{ \
		name, OPTION_IS_FLAG, 0, to, 0, 0 \
	}
#define OPTION_TEXT(name, to) \
	{ \
		name, OPTION_IS_TEXT, 0, to, 0, 0 \
	}
#define OPTION_LETTER(name, letter, to) \
	{ \
		name, OPTION_IS_TEXT, letter, to, 0, 0 \
	}
#define OPTION_NUMBER(name, to, wrong) \
	{ \
		name, OPTION_IS_NUMBER, 0, to, wrong, 0 \
	}
#define OPTION_COUNT(name, to, wrong) \
	{ \
		name, OPTION_IS_COUNT, 0, to, wrong, 0 \
	}
#define OPTION_READ(name, read, to) \
	{ \
		name, OPTION_IS_READ, 0, to, 0, read \
	}
#define OPTION_ACTION(name, read, to) \
	{ \
		name, OPTION_IS_ACTION, 0, to, 0, read \
	} /* takes no argument */

/* -1: go on, and the arguments that are no options stand in argv from optind (getopt.h) on.  Else the exit
 * status with which the command ends: --help was printed, or what is wrong was said. */
int options_read(const char *command, int argc, char **argv, const struct option_row *rows);
/* After options_read: exactly one file must be there.  -1, or the exit status. */
int options_one_file(const char *command, int argc);

#endif
