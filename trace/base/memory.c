/* Memory that cannot be done without; see memory.h. */
#include "trace/base/memory.h"

#include "trace/base/translate.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct hook {
	void (*run)(void *context);
	void *context;
} hooks[MEMORY_HOOKS];
static int hook_count;

void memory_hook_add(void (*run)(void *context), void *context)
{
	if (hook_count < MEMORY_HOOKS)
		hooks[hook_count++] = (struct hook){ run, context };
}

void memory_hook_remove(void (*run)(void *context), void *context)
{
	for (int i = hook_count; i-- > 0;)
		if (hooks[i].run == run && hooks[i].context == context) {
			memmove(&hooks[i], &hooks[i + 1], (size_t)(--hook_count - i) * sizeof hooks[i]);
			return;
		}
}

/* stdio may have no buffer yet, and would ask for one. */
static void say(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return;
}

void memory_out(void)
{
	memory_end(_("out of memory; the program ends here"));
}

void memory_end(const char *sentence)
{
	while (hook_count > 0) { /* one that runs out of memory itself does not run again */
		struct hook h = hooks[--hook_count];
		h.run(h.context);
	}
	say("mapscope: ");
	say(sentence);
	say("\n");
	_exit(1);
}

void *memory_get(size_t size)
{
	return memory_need(calloc(1, size ? size : 1));
}

void *memory_array(size_t count, size_t size)
{
	return memory_need(calloc(count ? count : 1, size ? size : 1));
}

void *memory_resize(void *p, size_t size)
{
	return memory_need(realloc(p, size ? size : 1));
}

void *memory_copy(const void *p, size_t size)
{
	void *copy = memory_need(malloc(size ? size : 1));
	if (size)
		memcpy(copy, p, size);
	return copy;
}

char *memory_text(const char *text)
{
	return memory_copy(text, strlen(text) + 1);
}
