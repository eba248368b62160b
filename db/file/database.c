/* Opening a trace that may come from anybody; see database.h.
 *
 * A trace is opened without writing a byte into its folder.  A finished one has no WAL and is opened as
 * immutable.  One that was killed has a WAL: SQLite then wants shared memory beside it and locks, which a
 * read-only folder does not give; so such a one is opened with the file system that does not lock, in
 * exclusive mode, where the index of the WAL lies in our own memory.  Whether a recorder is at work right now
 * is found out by asking for its lock first.
 */
#include "db/file/database.h"

#include "trace/base/file.h"
#include "trace/base/memory.h"
#include "trace/base/translate.h"
#include "db/rows/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int error_set(char *error, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	vsnprintf(error, STORE_ERROR, _(format), ap);
	va_end(ap);
	return -1;
}

/* path + suffix, freed by the caller; NULL: no memory. */
static char *path_join(const char *path, const char *suffix)
{
	char *s = malloc(strlen(path) + strlen(suffix) + 1);
	if (s)
		strcat(strcpy(s, path), suffix);
	return s;
}

/* What SQLite keeps beside a database. */
static const char *const suffixes[] = { "-wal", "-shm", "-journal" };

void database_remove_siblings(const char *path)
{
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		char *s = path_join(path, suffixes[i]);
		if (s)
			file_remove(s);
		free(s);
	}
}

int database_harden(sqlite3 *db)
{
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_extended_result_codes(db, 1);
	return sqlite3_exec(db, "PRAGMA mmap_size=0; PRAGMA cell_size_check=ON", NULL, NULL, NULL);
}

/* ---- what can be seen before SQLite looks ---- */

/* Offsets in SQLite's file header, all big-endian. */
enum { HEADER = 100, AT_PAGE_SIZE = 16, AT_WAL = 18, AT_PAGES = 28, AT_VERSION = 60, AT_APPLICATION = 68 };

static uint32_t big32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* SQLite's writers lock bytes at 1 GiB; a reader that ignored them would read pages that change. */
static bool being_recorded(int fd)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 0x40000000, .l_len = 512 };
	return fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

static int header_check(
	const char *path, int fd, bool wal, uint32_t oldest, uint32_t *ret_version, char *error)
{
	uint8_t h[HEADER];
	struct stat st;
	ssize_t n = pread(fd, h, sizeof h, 0);
	if (n < 0 || fstat(fd, &st) != 0)
		return error_set(error, "%s: cannot be read: %s", path, strerror(errno));
	if (n == 0)
		return error_set(error, "%s is empty, not a trace", path);
	if (n < 16 || memcmp(h, "SQLite format 3", 16) != 0)
		return error_set(error, "%s is not a trace", path);
	if (n < HEADER)
		return error_set(error,
			P_("%s is truncated: nothing but %zd byte is left",
				"%s is truncated: nothing but %zd bytes are left", (uint64_t)n),
			path, n);
	if (big32(h + AT_APPLICATION) != SCHEMA_APPLICATION)
		return error_set(error, "%s is an SQLite database, but not a trace", path);
	if (big32(h + AT_VERSION) > SCHEMA_VERSION)
		return error_set(error,
			"%s has format %" PRIu32 ", made by a newer release; this one reads up to format %d",
			path, big32(h + AT_VERSION), SCHEMA_VERSION);
	*ret_version = big32(h + AT_VERSION);
	if (*ret_version < SCHEMA_ROWS)
		return error_set(error,
			"%s has format %" PRIu32
			", which is too old; this release reads format %d: record it again",
			path, *ret_version, SCHEMA_VERSION);
	if (*ret_version < oldest)
		return error_set(error,
			"%s has format %" PRIu32
			", which mapscope 1.0 reads; of its steps this release reads nothing, "
			"of its rows sql and unpack all: record it again",
			path, *ret_version);
	uint64_t page = (uint64_t)h[AT_PAGE_SIZE] << 8 | h[AT_PAGE_SIZE + 1];
	uint64_t want = (page == 1 ? 65536 : page) * big32(h + AT_PAGES);
	if (!wal && (uint64_t)st.st_size < want)
		return error_set(error, "%s is truncated: %" PRIu64 " of its %" PRIu64 " bytes are left",
			path, (uint64_t)st.st_size, want);
	if (being_recorded(fd))
		return error_set(
			error, "%s is being recorded right now; try again when that has ended", path);
	return 0;
}

/* ---- making way for another ---- */

static bool has_sibling(const char *path, const char *suffix)
{
	struct stat st;
	char *s = path_join(path, suffix);
	bool has = s && lstat(s, &st) == 0;
	free(s);
	return has;
}

int database_alone(const char *path, char *error)
{
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
		if (has_sibling(path, suffixes[i]))
			return error_set(error,
				"%s%s is there, of a trace that is gone; --force would remove it", path,
				suffixes[i]);
	return 0;
}

/* Brings all frames of the WAL into the file; the WAL stays.  A journal that a kill has left is rolled back.
 */
static int wal_copy(const char *path, char *error)
{
	sqlite3 *db = NULL;
	int frames = -1, copied = -2;
	int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (code == SQLITE_OK)
		code = database_harden(db); /* so the WAL is left alone when the database is closed, too */
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "PRAGMA locking_mode=EXCLUSIVE; SELECT count(*) FROM sqlite_schema",
			NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_FULL, &frames, &copied);
	if (code == SQLITE_OK && frames != copied)
		code = SQLITE_BUSY;
	int status = 0;
	if ((code & 0xff) == SQLITE_BUSY)
		status = error_set(
			error, "%s is in use by another program; try again when that has ended", path);
	else if (code != SQLITE_OK)
		status = error_set(error,
			"%s: what is in its -wal or -journal cannot be brought into it: %s; nothing is "
			"changed",
			path, db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
	sqlite3_close(db);
	return status;
}

/* SQLite would remove the WAL first and say in the header that there is none afterwards; killed in between it
 * leaves a file that cannot be opened without writing.  The other way round there is no such moment. */
static int wal_drop(const char *path, char *error)
{
	static const uint8_t no_wal[2] = { 1, 1 };
	int fd = open(path, O_RDWR | O_CLOEXEC);
	bool good = fd >= 0 && pwrite(fd, no_wal, sizeof no_wal, AT_WAL) == sizeof no_wal && fsync(fd) == 0;
	int code = errno;
	if (fd >= 0)
		close(fd);
	if (!good)
		return error_set(error, "%s: cannot be written: %s", path, strerror(code));
	database_remove_siblings(path);
	return 0;
}

int database_at_rest(const char *path, char *error)
{
	int fd = file_descriptor(path);
	bool busy = fd >= 0 && being_recorded(fd);
	if (fd >= 0)
		close(fd);
	return busy ? error_set(error, "%s is being recorded right now; try again when that has ended", path)
		    : 0;
}

int database_fold(const char *path, char *error)
{
	struct stat st;
	if (database_at_rest(path, error) != 0)
		return -1;
	if (!has_sibling(path, "-wal") && !has_sibling(path, "-journal"))
		return 0;
	if (stat(path, &st) == 0 &&
		st.st_size == 0) { /* killed at birth: SQLite does not look at them either */
		database_remove_siblings(path);
		return 0;
	}
	if (!store_is_trace(path))
		return error_set(error,
			"%s is no trace, but a file named %s-wal or %s-journal lies beside it; move them "
			"away, or name another "
			"trace",
			path, path, path);
	return wal_copy(path, error) == 0 ? wal_drop(path, error) : -1;
}

int database_settle(const char *unfinished, const char *path, bool replace, char *error)
{
	if (replace && database_fold(path, error) != 0)
		return -1;
	int why = file_settle(unfinished, path, replace, 0666);
	if (why == EEXIST)
		return error_set(error, "%s exists already; --force would replace it", path);
	if (why)
		return replace ? error_set(error, "%s: cannot be replaced: %s", path, strerror(why))
			       : error_set(error, "%s: cannot be created: %s", path, strerror(why));
	return 0;
}

/* Looks at the file; *ret_wal says whether a WAL belongs to it, *ret_version which format it has, at least
 * oldest. */
static int file_check(const char *path, uint32_t oldest, bool *ret_wal, uint32_t *ret_version, char *error)
{
	struct stat st;
	char *wal = path_join(path, "-wal");
	bool there = wal && stat(wal, &st) == 0;
	*ret_wal = there && st.st_size > 0;
	free(wal);
	if (there && !S_ISREG(st.st_mode))
		return error_set(error, "%s-wal is no regular file, so it is not what belongs to %s", path, path);
	int fd = file_descriptor(path);
	if (fd < 0)
		return error_set(error, "%s: cannot be opened: %s", path, strerror(errno));
	int status;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		status = error_set(error, "%s is a directory, not a trace", path);
	else if (!S_ISREG(st.st_mode))
		status = error_set(error, "%s is no regular file, so it cannot be a trace", path);
	else
		status = header_check(path, fd, *ret_wal, oldest, ret_version, error);
	close(fd);
	return status;
}

/* ---- opening ---- */

static bool word_in(const char *words, const char *word)
{
	size_t n = strlen(word);
	for (const char *p = words; (p = strstr(p, word)) != NULL; p += n)
		if ((p == words || p[-1] == ' ') && (p[n] == 0 || p[n] == ' '))
			return true;
	return false;
}

static unsigned word_count(const char *words)
{
	unsigned n = 1;
	for (; *words; words++)
		n += *words == ' ';
	return n;
}

/* The first cell of a query that gives one number, or -1. */
static int64_t query_number(sqlite3 *db, const char *sql, const char *argument)
{
	sqlite3_stmt *st;
	int64_t v = -1;
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		return -1;
	sqlite3_bind_text(st, 1, argument, -1, SQLITE_STATIC);
	if (sqlite3_step(st) == SQLITE_ROW)
		v = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return v;
}

/* Is it an ordinary STRICT table with a rowid, and has it the columns?  Views, virtual tables and generated
 * columns could run somebody else's expressions. */
static bool table_good(sqlite3 *db, const struct schema_table *t, const char *columns)
{
	sqlite3_stmt *st;
	unsigned found = 0;
	bool good = true;
	if (query_number(db,
		    "SELECT count(*) FROM pragma_table_list WHERE schema='main' AND name=?1 AND type='table'"
		    " AND strict=1 AND wr=0",
		    t->name) != 1)
		return false;
	if (sqlite3_prepare_v2(db, "SELECT name, hidden, pk FROM pragma_table_xinfo(?1)", -1, &st, NULL) !=
		SQLITE_OK)
		return false;
	sqlite3_bind_text(st, 1, t->name, -1, SQLITE_STATIC);
	while (sqlite3_step(st) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(st, 0);
		good = good && sqlite3_column_int(st, 1) == 0;
		if (name && word_in(columns, name))
			found++;
		if (sqlite3_column_int(st, 2)) /* a primary key: it must be the first column and the rowid */
			good = good && name && strncmp(t->columns, name, strlen(name)) == 0;
	}
	sqlite3_finalize(st);
	return good && found == word_count(columns);
}

void schema_columns(const struct schema_table *t, uint32_t version, char out[SCHEMA_COLUMNS])
{
	const char *end = t->columns;
	unsigned n = version < SCHEMA_VERSION ? t->before : word_count(t->columns);
	for (; n > 0; n--)
		end += strcspn(end + (*end == ' '), " ") + (*end == ' ');
	snprintf(out, SCHEMA_COLUMNS, "%.*s", (int)(end - t->columns), t->columns);
}

static int schema_check(sqlite3 *db, const char *path, uint32_t version, char *error)
{
	char columns[SCHEMA_COLUMNS];
	for (const struct schema_table *t = schema_tables; t->name; t++) {
		schema_columns(t, version, columns);
		if (columns[0] && !table_good(db, t, columns)) {
			int code = sqlite3_errcode(db);
			if (code == SQLITE_NOMEM)
				memory_out();
			if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
				return error_set(error, "%s is damaged: %s", path, sqlite3_errmsg(db));
			return error_set(
				error, "%s is damaged: its table %s is not as it should be", path, t->name);
		}
	}
	return 0;
}

char *database_uri(const char *path, const char *parameters)
{
	char *uri = malloc(strlen(path) * 3 + strlen(parameters) + 10);
	if (!uri)
		return NULL;
	char *p = uri + sprintf(uri, "file:");
	if (path[0] == '/' && path[1] == '/') /* else it would name a host */
		path++;
	for (; *path; path++)
		p += strchr("%?#", *path) ? sprintf(p, "%%%02X", (unsigned char)*path)
					  : sprintf(p, "%c", *path);
	strcpy(p, parameters);
	return uri;
}

sqlite3 *database_open_trace(const char *path, char *error)
{
	uint32_t version;
	return database_open_rows(path, SCHEMA_VERSION, &version, error);
}

sqlite3 *database_open_rows(const char *path, uint32_t oldest, uint32_t *ret_version, char *error)
{
	bool wal;
	sqlite3 *db = NULL;
	if (file_check(path, oldest, &wal, ret_version, error) != 0)
		return NULL;
	char *uri = database_uri(path, wal ? "?mode=ro" : "?mode=ro&immutable=1");
	if (!uri) {
		error_set(error, "%s: not enough memory", path);
		return NULL;
	}
	/* mode=ro makes it read-only; the flag would do so for what unpack attaches, too */
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
	int code = sqlite3_open_v2(uri, &db, flags, wal ? "unix-none" : NULL);
	free(uri);
	if (code == SQLITE_OK)
		code = database_harden(db);
	if (code == SQLITE_OK && wal)
		code = sqlite3_exec(db, "PRAGMA locking_mode=EXCLUSIVE", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
	if (code == SQLITE_NOMEM)
		memory_out();
	if (code != SQLITE_OK)
		error_set(error, "%s is damaged: %s", path, db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
	else if (schema_check(db, path, *ret_version, error) == 0)
		return db;
	sqlite3_close(db);
	return NULL;
}

bool store_is_trace(const char *path)
{
	char head[16];
	FILE *f = strcmp(path, "-") == 0 ? NULL : file_open(path); /* stdin, whatever lies in the folder */
	bool is = f && fread(head, 1, 16, f) == 16 && memcmp(head, "SQLite format 3", 16) == 0;
	if (f)
		fclose(f);
	return is;
}
