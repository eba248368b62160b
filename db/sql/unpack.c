/* A trace as ordinary tables: everything that `sql` shows, for plain sqlite3 and whatever reads it.
 *
 * The copy is made under another name and takes its place when it is whole.
 */
#include "db/rows/schema.h"
#include "db/sql/vtab.h"

#include "trace/base/file.h"

#include <stdlib.h>
#include <string.h>

static const char plain_sql[] =
	"DROP TABLE chunk; DROP TABLE keyframe; DROP TABLE timeline;"
	"CREATE TABLE event(step INTEGER PRIMARY KEY, op INTEGER, map INTEGER, kind TEXT NOT NULL, address "
	"INTEGER,"
	"  size INTEGER, old BLOB, new BLOB, a INTEGER, b INTEGER, c INTEGER, d INTEGER, text TEXT, key TEXT) STRICT;"
	"CREATE TABLE move(step INTEGER PRIMARY KEY, growth INTEGER, from_bucket INTEGER NOT NULL,"
	"  from_slot INTEGER NOT NULL, half TEXT NOT NULL, to_bucket INTEGER NOT NULL, to_slot INTEGER NOT "
	"NULL,"
	"  from_address INTEGER NOT NULL, to_address INTEGER NOT NULL) STRICT;";

static int run(sqlite3 *db, const char *out_path, char *sql, char *error)
{
	int status = -1;
	if (!sql)
		error_set(error, "not enough memory");
	else if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
		status = 0;
	else if ((sqlite3_errcode(db) & 0xff) == SQLITE_FULL)
		error_set(error, "%s: the disk is full", out_path);
	else
		error_set(error, "%s: %s", out_path, sqlite3_errmsg(db));
	sqlite3_free(sql);
	return status;
}

static int plain_make(const char *path, const char *name, char *error)
{
	sqlite3 *db = NULL;
	int status = -1;
	if (sqlite3_open(path, &db) != SQLITE_OK)
		error_set(error, "%s: %s", name, db ? sqlite3_errmsg(db) : "not enough memory");
	else
		status = run(db, name,
			sqlite3_mprintf(
				"PRAGMA journal_mode=OFF; BEGIN; %s %s COMMIT", schema_sql, plain_sql),
			error);
	sqlite3_close(db);
	return status;
}

/* column,column,... of blank-separated names; freed by sqlite3_free. */
static char *column_list(const char *columns)
{
	char *s = sqlite3_mprintf("%s", columns);
	for (char *p = s; p && *p; p++)
		if (*p == ' ')
			*p = ',';
	return s;
}

static int tables_copy(sqlite3 *db, uint32_t version, const char *out_path, char *error)
{
	char names[SCHEMA_COLUMNS];
	int status = 0;
	for (const struct schema_table *t = schema_tables; t->name && status == 0; t++) {
		schema_columns(t, version, names);
		if (!t->rows || !names[0])
			continue;
		char *columns = column_list(names);
		status = run(db, out_path,
			columns ? sqlite3_mprintf("INSERT INTO plain.%s(%s) SELECT %s FROM main.%s", t->name,
					  columns, columns, t->name)
				: NULL,
			error);
		sqlite3_free(columns);
	}
	if (version < SCHEMA_VERSION) /* its steps cannot be read */
		return status;
	if (status == 0)
		status = run(db, out_path,
			sqlite3_mprintf("INSERT INTO plain.event SELECT *, key FROM main.event"), error);
	if (status == 0)
		status = run(db, out_path, sqlite3_mprintf("INSERT INTO plain.move SELECT * FROM main.move"),
			error);
	return status;
}

static int plain_fill(sqlite3 *db, uint32_t version, struct source *source, const char *path,
	const char *out_path, char *error)
{
	if (source && vtab_register(db, source) != SQLITE_OK)
		return error_set(error, "%s: %s", out_path, sqlite3_errmsg(db));
	/* vfs=unix: the trace itself may be open through one that does not lock */
	char *uri = database_uri(path, "?mode=rw&vfs=unix");
	int status = uri ? run(db, out_path, sqlite3_mprintf("ATTACH %Q AS plain", uri), error)
			 : error_set(error, "not enough memory");
	free(uri);
	if (status == 0)
		status = run(db, out_path,
			sqlite3_mprintf("PRAGMA plain.journal_mode=OFF; PRAGMA plain.synchronous=OFF; BEGIN"),
			error);
	if (status == 0)
		status = tables_copy(db, version, out_path, error);
	return status == 0 ? run(db, out_path, sqlite3_mprintf("COMMIT"), error) : status;
}

static int plain_write(const char *path, const char *temporary, const char *out_path, char *error)
{
	uint32_t version;
	int status = -1;
	sqlite3 *db = database_open_rows(path, SCHEMA_ROWS, &version, error);
	struct source *source = db && version == SCHEMA_VERSION ? store_open(path, error) : NULL;
	if (db && (source || version < SCHEMA_VERSION) && plain_make(temporary, out_path, error) == 0)
		status = plain_fill(db, version, source, temporary, out_path, error);
	sqlite3_close(db);
	if (source)
		source->close(source);
	return status;
}

int store_unpack(const char *path, const char *out_path, bool overwrite, char *error)
{
	char *unfinished;
	if (!overwrite && file_exists(out_path))
		return error_set(error, "%s exists already; --force would replace it", out_path);
	int why = file_beside(out_path, &unfinished);
	if (why)
		return error_set(error, "%s: cannot be created: %s", out_path, strerror(why));
	int status = plain_write(path, unfinished, out_path, error);
	if (status == 0)
		status = database_settle(unfinished, out_path, overwrite, error);
	if (status != 0) {
		database_remove_siblings(unfinished); /* a full disk leaves a journal */
		file_remove(unfinished);
	}
	free(unfinished);
	return status;
}
