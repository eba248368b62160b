/* The options of a command; see options.h. */
#include "src/command/options.h"

#include "src/command/command.h"
#include "trace/base/escape.h"

#include <assert.h>
#include <getopt.h>
#include <string.h>

enum { ROWS_MOST = 32, HELP = 1000 };

static bool takes_argument(const struct option_row *row)
{
	return row->kind != OPTION_IS_FLAG && row->kind != OPTION_IS_ACTION;
}

static const struct option_row *row_named(const struct option_row *rows, const char *name, size_t length)
{
	for (; rows->name; rows++)
		if (strlen(rows->name) == length && strncmp(rows->name, name, length) == 0)
			return rows;
	return NULL;
}

/* Has each option of the text of --help ("      --op N   ...") its row? */
static bool help_is_known(const char *help, const struct option_row *rows)
{
	for (const char *line = help; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		const char *at = line + strspn(line, " ");
		if (at - line > 6 || (strncmp(at, "--", 2) != 0 && strncmp(at, "-o, --", 6) != 0))
			continue;
		at = strstr(at, "--") + 2;
		size_t n = strcspn(at, " \n");
		const struct option_row *row = row_named(rows, at, n);
		if (!row || takes_argument(row) != (at[n] == ' ' && at[n + 1] != ' '))
			return false;
	}
	return true;
}

/* -oFILE is its own argument. */
static bool has_letters(const struct option_row *rows)
{
	for (; rows->name; rows++)
		if (rows->letter)
			return true;
	return false;
}

/* getopt prints what it does not know as it is: an option with a byte that no terminal should get is refused
 * before. */
static const char *hostile_option(int argc, char **argv, const struct option_row *rows, char *out, size_t cap)
{
	bool value = false; /* the argument of the option before */
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		size_t n = strcspn(argv[i], "=");
		bool option = !value && argv[i][0] == '-' && argv[i][1];
		const struct option_row *row = option && argv[i][1] == '-'
			? row_named(rows, argv[i] + 2, n - 2)
			: NULL;
		value = row && takes_argument(row) && !argv[i][n];
		if (option && (argv[i][1] == '-' || !has_letters(rows))) {
			escape_copy(out, cap, ESCAPE_TEXT, argv[i], n);
			if (strlen(out) != n || strncmp(out, argv[i], n) != 0)
				return out;
		}
	}
	return NULL;
}

/* -1, or the exit status. */
static int take(const char *command, const struct option_row *row, const char *argument)
{
	switch (row->kind) {
	case OPTION_IS_FLAG: *(bool *)row->to = true; break;
	case OPTION_IS_TEXT: *(const char **)row->to = argument; break;
	case OPTION_IS_NUMBER:
	case OPTION_IS_COUNT: {
		uint64_t *number = row->to;
		if (!command_number(argument, number) || (row->kind == OPTION_IS_COUNT && !*number))
			return command_usage_of(command, row->wrong, argument);
		break;
	}
	case OPTION_IS_READ:
	case OPTION_IS_ACTION: return row->read(command, argument, row->to);
	}
	return -1;
}

int options_read(const char *command, int argc, char **argv, const struct option_row *rows)
{
	struct option options[ROWS_MOST + 2] = { { 0 } };
	char letters[2 * ROWS_MOST + 1] = "", text[128];
	int n = 0, status = -1;
	for (; rows[n].name; n++) {
		assert(n < ROWS_MOST);
		options[n] = (struct option){ rows[n].name,
			takes_argument(&rows[n]) ? required_argument : no_argument, NULL, HELP + 1 + n };
		if (rows[n].letter)
			snprintf(letters + strlen(letters), 3, "%c:", rows[n].letter);
	}
	if (!row_named(rows, "help", 4))
		options[n] = (struct option){ "help", no_argument, NULL, HELP };
	assert(help_is_known(command_find(command)->options, rows));
	if (hostile_option(argc, argv, rows, text, sizeof text))
		return command_usage(command, "there is no option %s", text);
	for (int c; status < 0 && (c = getopt_long(argc, argv, letters, options, NULL)) != -1;) {
		if (c == HELP)
			return command_help(command);
		if (c == '?')
			return command_usage(command, NULL);
		int i = c > HELP ? c - HELP - 1 : 0;
		while (c < HELP && rows[i].letter != c)
			i++;
		status = take(command, &rows[i], optarg);
	}
	return status;
}

int options_one_file(const char *command, int argc)
{
	if (argc - optind == 1)
		return -1;
	return command_usage(command, argc == optind ? "which trace or workload?" : N_("one file at a time"));
}
