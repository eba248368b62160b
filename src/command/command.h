/* The command line: one file a subcommand, one table of them in main.c. */
#ifndef SRC_COMMAND_H
#define SRC_COMMAND_H

#include "db/store.h"
#include "trace/base/translate.h"
#include "ui/ui.h"
#include "src/workload/run.h"

#include <stdio.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

struct command {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is the subcommand's name; returns the exit status */
	const char *arguments;             /* for the usage line */
	const char *sentence;
	const char *options; /* the text of --help below the usage line, without a final newline */
};
extern const struct command commands[]; /* ended by a NULL name */
const struct command *command_find(const char *name);

/* "mapscope NAME: " and a sentence on stderr; gives EXIT_FAILED. */
int command_fail(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same, with a hint at --help; gives EXIT_USAGE. */
int command_usage(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What programs read is in English: there are no translations from here on. */
void command_for_programs(void);
/* The same with a format of a table, which has one %s for text. */
int command_usage_of(const char *name, const char *format, const char *text);
/* Prints --help of a command on stdout. */
int command_help(const char *name);

/* A workload as a script that is ready to run.  path "-" is stdin.  0, or -1 after saying what is wrong on
 * stderr. */
int command_load_script(const char *name, const char *path, struct script *ret);
/* The whole of a file or stdin; NULL after saying what is wrong on stderr. */
char *command_read_file(const char *name, const char *path, size_t *ret_len);
/* A workload recorded in memory, or a trace opened: what is at path decides.  NULL after saying what is
 * wrong. */
struct source *command_open(const char *name, const char *path);
/* Gives s back, or closes it and gives NULL after saying that a map is of a release that nobody here knows.
 */
struct source *command_known_releases(const char *name, struct source *s);
/* Records a script into a new in-memory trace. */
struct source *command_record_memory(const char *name, const char *workload, const struct script *s);

/* The steps of operation op (1..ops): *ret_last is the one before the next operation begins.  0, or -1 with a
 * sentence in s->error (also when the rows speak of steps that the trace does not have). */
int command_operation_steps(struct source *s, uint64_t op, struct operation *ret, uint64_t *ret_last);

/* A command that reports on one recording, with --json and --help only: reads its line, opens the file and
 * calls run. */
int command_report(
	const char *name, int argc, char **argv, int (*run)(struct source *s, const char *path, bool json));

/* A number of a command line; false: it is none. */
bool command_number(const char *text, uint64_t *ret);
/* Reading failed or the disk is full?  EXIT_DONE, or EXIT_FAILED after a sentence. */
int command_flush(const char *name, FILE *out);

/* A map of a recording (struct engine's recorded); engine->release is due. */
struct map *command_map_of(const struct map_info *info);

/* Text from files, on stderr: control bytes are written as \xNN. */
void command_print_clean(const char *text);

/* The user's configuration, cmd_config.c.  main reads it before anything else; ignore: only find out where it
 * is. */
void config_read(bool ignore);
/* What it says of the language; NULL: nothing. */
const char *config_language(void);
/* Says what is wrong in it, and sets its part of the options, before those of the command line.  For the
 * commands that show something. */
void config_apply(struct ui_options *o);
/* Is there a language of that name ("zh", "zh_CN", "en")? */
bool command_language_known(const char *name);

/* What lets a replay go on with operations of its own (see ui_options.engine).  Freeing it saves what was
 * typed, if it is to be saved, and gives the exit status. */
struct ui_engine *command_engine_new(void);
int command_engine_free(const char *name, struct ui_engine *e, bool save);

#define COMMAND(name, arguments, sentence, options) int cmd_##name(int argc, char **argv);
#include "src/command/commands.def"
#undef COMMAND

#endif
