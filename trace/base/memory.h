/* Memory of the process that cannot be done without: what gives it never gives NULL.
 *
 * Without memory the program ends: the hooks run, the last first (the terminal is given back, what was typed
 * is saved), a sentence goes to stderr, the exit status is 1.  A caller that has a way to go on without (a
 * model that is smaller, a view that says so) uses malloc instead.
 */
#ifndef TRACE_MEMORY_H
#define TRACE_MEMORY_H

#include <stddef.h>

/* size bytes, all zero; freed with free(). */
void *memory_get(size_t size) __attribute__((malloc, returns_nonnull));
/* count items of size bytes each, all zero; a product that no size_t holds is no memory. */
void *memory_array(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
/* p with size bytes, or where it has moved; what is new is not set. */
void *memory_resize(void *p, size_t size) __attribute__((returns_nonnull));
/* A copy of size bytes; of a text with its zero byte. */
void *memory_copy(const void *p, size_t size) __attribute__((returns_nonnull));
char *memory_text(const char *text) __attribute__((returns_nonnull));

/* Ends the program as said above.  memory_need gives p back, or ends the program where p is NULL: it stands
 * around a call of malloc or of whatever else gives NULL without memory. */
void memory_out(void) __attribute__((noreturn, cold));
/* The same with another sentence. */
void memory_end(const char *sentence) __attribute__((noreturn, cold));
static inline void *memory_need(void *p)
{
	if (!p)
		memory_out();
	return p;
}

/* What is to be done before the program ends without memory.  run must not need memory from here; what it
 * needs may fail inside it.  At most MEMORY_HOOKS at a time. */
enum { MEMORY_HOOKS = 8 };
void memory_hook_add(void (*run)(void *context), void *context);
void memory_hook_remove(void (*run)(void *context), void *context);

#endif
