/* Files; see file.h. */
#include "trace/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- reading ---- */

int file_descriptor(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int flags = fd >= 0 ? fcntl(fd, F_GETFL) : -1;
	if (flags >= 0)
		fcntl(fd, F_SETFL, flags & ~O_NONBLOCK); /* only opening must not wait */
	return fd;
}

static FILE *open_stream(const char *path, bool regular)
{
	struct stat st;
	int fd = file_descriptor(path), why = 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) != 0)
		why = errno;
	else if (S_ISDIR(st.st_mode))
		why = EISDIR;
	else if (regular && !S_ISREG(st.st_mode))
		why = ENOTSUP;
	FILE *in = why ? NULL : fdopen(fd, "rb");
	if (!in) {
		why = why ? why : errno;
		close(fd);
		errno = why;
	}
	return in;
}

FILE *file_open(const char *path)
{
	return open_stream(path, true);
}

FILE *file_open_any(const char *path)
{
	return open_stream(path, false);
}

bool file_exists(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0;
}

/* ---- writing ---- */

static int write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return errno;
		if (done == 0)
			return EIO;
		bytes += done;
		n -= (size_t)done;
	}
	return 0;
}

/* Ends with what is on the disk; why: what went wrong before. */
static int close_whole(int fd, int why)
{
	if (!why && fsync(fd) != 0 && errno != EINVAL && errno != EROFS) /* a device has no disk */
		why = errno;
	if (close(fd) != 0 && !why)
		why = errno;
	return why;
}

static int make_beside(const char *path, char **ret)
{
	char *name = malloc(strlen(path) + sizeof FILE_UNFINISHED + FILE_LETTERS);
	*ret = NULL;
	if (!name)
		return -1;
	strcat(strcpy(name, path), FILE_UNFINISHED);
	int fd = mkostemp(strcat(name, "XXXXXX"), O_CLOEXEC);
	if (fd >= 0)
		*ret = name;
	else
		free(name);
	return fd;
}

int file_beside(const char *path, char **ret)
{
	int fd = make_beside(path, ret);
	return fd < 0 ? errno : close(fd) == 0 ? 0 : errno;
}

/* The folder that path lies in. */
static int folder_open(const char *path)
{
	char *copy = strdup(path), *slash = copy ? strrchr(copy, '/') : NULL;
	if (slash)
		slash[slash == copy] = 0;
	int fd = copy ? open(slash ? copy : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	free(copy);
	return fd;
}

/* A rename is on the disk when its folder is.  Not every file system can say so, and all is done by then. */
static void folder_sync(const char *path)
{
	int fd = folder_open(path);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

/* Gives the file its name, which nobody has had before.  Where no second name can be given, a rename follows a
 * look. */
static int name_fresh(const char *unfinished, const char *path)
{
	if (link(unfinished, path) == 0)
		return unlink(unfinished) == 0 ? 0 : errno;
	if (errno == EEXIST)
		return errno;
	if (file_exists(path))
		return EEXIST;
	return rename(unfinished, path) == 0 ? 0 : errno;
}

int file_settle(const char *unfinished, const char *path, bool replace, unsigned rights)
{
	struct stat st;
	mode_t mask = umask(0);
	umask(mask);
	mode_t mode = replace && stat(path, &st) == 0 ? st.st_mode & 07777 : (mode_t)rights & ~mask;
	int fd = open(unfinished, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return errno;
	int why = close_whole(fd, fchmod(fd, mode) == 0 ? 0 : errno);
	if (!why)
		why = !replace ? name_fresh(unfinished, path) : rename(unfinished, path) == 0 ? 0 : errno;
	if (!why)
		folder_sync(path);
	return why;
}

void file_remove(const char *path)
{
	unlink(path);
}

/* A device or a pipe: nothing is replaced. */
static int put_through(const char *path, const void *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int flags = fd >= 0 ? fcntl(fd, F_GETFL) : -1;
	if (flags < 0)
		return errno;
	fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
	return close_whole(fd, write_all(fd, bytes, n));
}

static int put_whole(const char *path, const void *bytes, size_t n, bool replace, unsigned rights)
{
	char *name;
	int fd = make_beside(path, &name), why = fd < 0 ? errno : write_all(fd, bytes, n);
	if (fd >= 0 && close(fd) != 0 && !why)
		why = errno;
	if (!why)
		why = file_settle(name, path, replace, rights);
	if (why && name)
		unlink(name);
	free(name);
	return why;
}

int file_put(const char *path, const void *bytes, size_t n, bool replace, unsigned rights)
{
	struct stat st;
	if (!file_exists(path))
		return put_whole(path, bytes, n, false, rights);
	if (!replace)
		return EEXIST;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return EISDIR;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return put_through(path, bytes, n);
	char *real = realpath(path, NULL); /* a link that leads nowhere has none, and is replaced itself */
	int why = put_whole(real ? real : path, bytes, n, true, rights);
	free(real);
	return why;
}

int file_append(const char *path, const void *bytes, size_t n, unsigned rights)
{
	struct stat st;
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		(mode_t)rights);
	if (fd < 0)
		return errno;
	int why = fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ? ENOTSUP : write_all(fd, bytes, n);
	return close(fd) == 0 || why ? why : errno;
}

/* ---- locks ---- */

int file_lock(const char *path)
{
	int fd = folder_open(path);
	for (int tries = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0 && tries < 200; tries++)
		nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
	return fd;
}

void file_unlock(int lock)
{
	if (lock >= 0)
		close(lock);
}
