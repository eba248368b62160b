/* Files: the one place that opens, writes, replaces and removes them.
 *
 * A file comes to its name whole or not at all: it is written under another name beside it (NAME.unfinished-
 * and six letters), brought to the disk, and renamed.  So whatever kills the program, and whenever, leaves
 * the old file or the new one under the name; of a kill the other name may be left.  A name that exists is
 * touched only where the caller says that it may be.
 *
 * Reading never waits for the other end of a pipe.
 *
 * What fails returns the errno for it; 0 is success.
 */
#ifndef TRACE_FILE_H
#define TRACE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What the name of an unfinished file has behind the name that it will have; so many letters follow it. */
#define FILE_UNFINISHED ".unfinished-"
enum { FILE_LETTERS = 6 };

/* Opens a file for reading; NULL with errno, which is EISDIR for a folder and ENOTSUP for what is no file. */
FILE *file_open(const char *path);
/* The same of anything that can be read to its end: a pipe that nobody writes to is empty. */
FILE *file_open_any(const char *path);
/* A descriptor for reading, of anything but without waiting; -1 with errno. */
int file_descriptor(const char *path);

/* n bytes as the file path, with those rights (the umask takes its part) where it is new, else with those
 * that it had.  replace: it may exist; what a link leads to is replaced, and a device or a pipe is written
 * to.  Otherwise EEXIST. */
int file_put(const char *path, const void *bytes, size_t n, bool replace, unsigned rights);
/* n bytes to the end of a file, at once: those of two programs do not mix. */
int file_append(const char *path, const void *bytes, size_t n, unsigned rights);

/* The two halves of file_put, for a file that somebody else writes: *ret becomes the name of an empty file
 * beside path, which the caller frees; file_settle gives it its name in the end. */
int file_beside(const char *path, char **ret);
int file_settle(const char *unfinished, const char *path, bool replace, unsigned rights);
/* Removes a file that this program has made. */
void file_remove(const char *path);

/* Is there something of this name, be it a link that leads nowhere? */
bool file_exists(const char *path);

/* Keeps other mapscopes out of what the folder of path holds until file_unlock; waits for them for a second at
 * most.  It cannot be had in every folder: what it returns is only for file_unlock. */
int file_lock(const char *path);
void file_unlock(int lock);

#endif
