/* Loaded before libc (LD_PRELOAD): the allocation number FAIL_AT (from 1) fails, and with FAIL_ON=1 all that
 * follow. FAIL_COUNT names a file that gets how many there were.  tests/command/memory.sh compiles it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
extern char **environ;

static unsigned long at, count;
static int on, known;

/* getenv may not be called before libc is ready. */
static const char *value_of(const char *name)
{
	size_t n = strlen(name);
	for (char **e = environ; e && *e; e++)
		if (strncmp(*e, name, n) == 0 && (*e)[n] == '=')
			return *e + n + 1;
	return "";
}

static int fails(void)
{
	if (!known) {
		for (const char *s = value_of("FAIL_AT"); *s; s++)
			at = at * 10 + (unsigned long)(*s - '0');
		on = *value_of("FAIL_ON") == '1';
		known = 1;
	}
	count++;
	if (!at || count < at || (count > at && !on))
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return fails() ? NULL : __libc_realloc(p, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : __libc_memalign(alignment, size);
}

__attribute__((destructor)) static void report(void)
{
	char text[24];
	size_t n = sizeof text;
	int fd = open(value_of("FAIL_COUNT"), O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (fd < 0)
		return;
	for (unsigned long v = count; v; v /= 10)
		text[--n] = (char)('0' + v % 10);
	if (write(fd, text + n, sizeof text - n) < 0)
		_exit(99);
	close(fd);
}
