/* mapscope sql and unpack: the store does the work. */
#include "src/command/command.h"
#include "src/command/options.h"

#include <getopt.h>

static int choose_json(const char *command, const char *none, void *to)
{
	(void)command, (void)none;
	*(enum store_format *)to = STORE_JSON;
	return -1;
}

static int choose_csv(const char *command, const char *none, void *to)
{
	(void)command, (void)none;
	*(enum store_format *)to = STORE_CSV;
	return -1;
}

int cmd_sql(int argc, char **argv)
{
	bool header = false;
	enum store_format format = STORE_TABS;
	char error[STORE_ERROR];
	const struct option_row rows[] = { OPTION_FLAG("header", &header),
		OPTION_ACTION("json", choose_json, &format), OPTION_ACTION("csv", choose_csv, &format),
		{ 0 } };
	int status = options_read("sql", argc, argv, rows);
	if (status >= 0)
		return status;
	if (argc - optind != 2)
		return command_usage("sql", "give a trace and one query: mapscope sql TRACE \"select ...\"");
	status = store_sql(argv[optind], argv[optind + 1], format, header, stdout, error);
	int flushed = command_flush("sql", stdout);
	return status ? command_fail("sql", "%s", error) : flushed;
}

int cmd_unpack(int argc, char **argv)
{
	const char *output = NULL;
	bool force = false;
	char error[STORE_ERROR];
	const struct option_row rows[] = { OPTION_LETTER("output", 'o', &output),
		OPTION_FLAG("force", &force), { 0 } };
	int status = options_read("unpack", argc, argv, rows);
	if (status >= 0)
		return status;
	if (argc - optind != 1 || !output)
		return command_usage("unpack",
			!output ? "-o FILE is missing: where shall the tables go?" : N_("which trace?"));
	if (store_unpack(argv[optind], output, force, error))
		return command_fail("unpack", "%s", error);
	return EXIT_DONE;
}
