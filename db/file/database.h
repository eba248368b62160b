/* What the files of this folder share: opening a trace that nobody vouches for, and small helpers around
 * SQLite. */
#ifndef DB_DATABASE_H
#define DB_DATABASE_H

#include "db/store.h"

#include <sqlite3.h>
#include <stdarg.h>

/* Puts one sentence into error (STORE_ERROR bytes); returns -1. */
int error_set(char *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Opens a trace read-only and checks that it is one; NULL with a sentence in error.  The database may have a
 * WAL that a killed recording left behind, in a folder that cannot be written to. */
sqlite3 *database_open_trace(const char *path, char *error);
/* The same for a trace of an older format, at least oldest, whose rows can be read; *ret_version is its
 * format. */
sqlite3 *database_open_rows(const char *path, uint32_t oldest, uint32_t *ret_version, char *error);
/* The columns that a table has in a format, blank-separated; empty: there is no such table. */
enum { SCHEMA_COLUMNS = 256 };
struct schema_table;
void schema_columns(const struct schema_table *t, uint32_t version, char out[SCHEMA_COLUMNS]);
/* Switches off what an untrusted schema could use. */
int database_harden(sqlite3 *db);
/* Removes what SQLite keeps beside a database that is no more. */
void database_remove_siblings(const char *path);
/* -1: there is such a file, and no database may be made of that name. */
int database_alone(const char *path, char *error);
/* -1: somebody is recording into the file. */
int database_at_rest(const char *path, char *error);
/* Brings what SQLite keeps beside a database into it, so that nothing is beside it any more: its file may
 * then be replaced by a rename.  A kill at any point leaves it with the same rows.  -1: that cannot be done
 * now, or somebody records into it. */
int database_fold(const char *path, char *error);
/* Gives a database its name, under which another one may be (replace), with what SQLite keeps beside it. */
int database_settle(const char *unfinished, const char *path, bool replace, char *error);
/* A file: URI of a path, with parameters ("?mode=ro"); freed by the caller.  NULL: no memory. */
char *database_uri(const char *path, const char *parameters);

/* A source over an open database, which it closes in the end, also when this fails. */
struct source *reader_new(sqlite3 *db, const char *name, char *error);

#endif
