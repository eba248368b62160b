/* Loaded before libc (LD_PRELOAD): makes one call of the program go wrong, or ends the program there.
 *
 *	FAULT=memory	malloc, calloc, realloc give nothing
 *	FAULT=write	what changes files fails with the errno FAULT_ERROR; of ENOSPC (28), half of the bytes
 *			are written first, as on a disk that becomes full
 *	FAULT=kill	the program is killed before what changes files
 *	FAULT_AT=N	at call number N (from 1) of its kind
 *	FAULT_ON=1	and at all that follow
 *	FAULT_COUNT=F	the file F gets how many calls there were
 *
 * Standard output and standard error are left alone.  tests/torture.sh and tests/command/memory.sh compile it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
extern char **environ;

static unsigned long at, count;
static int on, error, known;
static char kind; /* the first letter of FAULT */

/* getenv may not be called before libc is ready. */
static const char *value_of(const char *name)
{
	size_t n = strlen(name);
	for (char **e = environ; e && *e; e++)
		if (strncmp(*e, name, n) == 0 && (*e)[n] == '=')
			return *e + n + 1;
	return "";
}

static unsigned long number_of(const char *name)
{
	unsigned long v = 0;
	for (const char *s = value_of(name); *s; s++)
		v = v * 10 + (unsigned long)(*s - '0');
	return v;
}

/* Is this call the one?  those: the letters of its kind. */
static int hit(const char *those)
{
	if (!known) {
		at = number_of("FAULT_AT");
		on = number_of("FAULT_ON") != 0;
		error = (int)number_of("FAULT_ERROR");
		kind = *value_of("FAULT");
		known = 1;
	}
	if (!kind || !strchr(those, kind))
		return 0;
	count++;
	if (!at || count < at || (count > at && !on))
		return 0;
	if (kind == 'k')
		kill(getpid(), SIGKILL);
	errno = kind == 'm' ? ENOMEM : error;
	return 1;
}

static int hit_file(void)
{
	return hit("wk");
}

/* ---- memory ---- */

void *malloc(size_t size)
{
	return hit("m") ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return hit("m") ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return hit("m") ? NULL : __libc_realloc(p, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return hit("m") ? NULL : __libc_memalign(alignment, size);
}

/* ---- files ---- */

ssize_t write(int fd, const void *p, size_t n)
{
	if (fd > 2 && hit_file()) {
		if (error != ENOSPC || n < 2 || count > at)
			return -1;
		n /= 2;
	}
	return syscall(SYS_write, fd, p, n);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t offset)
{
	if (hit_file()) {
		if (error != ENOSPC || n < 2 || count > at)
			return -1;
		n /= 2;
	}
	return syscall(SYS_pwrite64, fd, p, n, offset);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t offset)
{
	return pwrite64(fd, p, n, offset);
}

int fsync(int fd)
{
	return hit_file() ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return hit_file() ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int ftruncate64(int fd, off64_t n)
{
	return hit_file() ? -1 : (int)syscall(SYS_ftruncate, fd, n);
}

int ftruncate(int fd, off_t n)
{
	return ftruncate64(fd, n);
}

int rename(const char *from, const char *to)
{
	return hit_file() ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int link(const char *from, const char *to)
{
	return hit_file() ? -1 : (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int fchmod(int fd, mode_t mode)
{
	return hit_file() ? -1 : (int)syscall(SYS_fchmod, fd, mode);
}

/* No disk is too full to remove something: it is only killed here. */
int unlink(const char *path)
{
	return hit("k") ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int open64(const char *path, int flags, ...)
{
	mode_t mode = 0;
	if (flags & O_CREAT) {
		va_list ap;
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
		if (hit_file())
			return -1;
	}
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	if (flags & O_CREAT) {
		va_list ap;
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return open64(path, flags, mode);
}

__attribute__((destructor)) static void report(void)
{
	char text[24];
	size_t n = sizeof text;
	const char *name = value_of("FAULT_COUNT");
	int fd = *name ? (int)syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;
	if (fd < 0)
		return;
	do
		text[--n] = (char)('0' + count % 10);
	while (count /= 10);
	syscall(SYS_write, fd, text + n, sizeof text - n);
	syscall(SYS_close, fd);
}
