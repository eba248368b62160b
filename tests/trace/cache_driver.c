/* Carries out a stream of accesses as real loads and stores, one instruction each, and nothing else: what
 * tests/trace/cache.sh lets cachegrind count.
 *
 *     valgrind --tool=cachegrind --cache-sim=yes ... cache_driver STREAM
 *
 * STREAM has lines as `mapscope events --accesses` prints them ("R c000000010 8").  Their addresses are moved
 * by a multiple of 64 MiB, so that each byte keeps its place in every cache whose ways are no larger.
 *
 * That the loop needs its own memory to know what comes next would spoil the count.  So it asks by a request
 * that valgrind itself answers (client call, valgrind.h): next_access runs on the real processor, unseen by
 * the tool, and its answer comes in a register.  The loop's code is run once for each kind of access before
 * the stream, so that no instruction comes into the shared second cache while it goes on.  What was in the
 * caches before cannot matter: where the one used longest ago makes room, a line is there when fewer than
 * `ways` other lines of its set were used since, and none of those before is used again. So every load and
 * store of the function stream_accesses is the stream's, but for the first eight.
 */
#include <stdio.h>
#include <stdlib.h>

#if defined __x86_64__ && defined __linux__ && __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>

#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ALIGN = 64 << 20 };

static const char *text, *text_end; /* what is left of the stream */
static uint64_t lowest = UINT64_MAX, highest;
static int bad;

struct access {
	uint64_t addr;
	unsigned size;
	int write;
};

/* These run on the real processor: no library calls. */
static int read_access(struct access *ret)
{
	const char *s = text;
	if (s >= text_end)
		return 0;
	ret->write = *s == 'W';
	ret->addr = 0;
	bad |= (*s != 'R' && *s != 'W') || text_end - s < 6 || s[1] != ' ';
	for (s += 2; s<text_end && * s> ' '; s++)
		ret->addr = ret->addr << 4 | (uint64_t)(*s <= '9' ? *s - '0' : *s - 'a' + 10);
	ret->size = s + 2 < text_end && s[2] == '\n' ? (unsigned)(s[1] - '0') : 0;
	bad |= ret->size != 1 && ret->size != 2 && ret->size != 4 && ret->size != 8;
	text = s + 3;
	return !bad;
}

static long measure(long thread)
{
	struct access a;
	const char *begin = text;
	(void)thread;
	while (read_access(&a)) {
		lowest = a.addr < lowest ? a.addr : lowest;
		highest = a.addr + a.size > highest ? a.addr + a.size : highest;
	}
	text = begin;
	return bad;
}

/* The next access as offset << 8 | write << 7 | size; 0: the end.  First each kind once, on a line of their
 * own. */
static long next_access(long thread)
{
	static const long first[8] = { 1, 2, 4, 8, 0x81, 0x82, 0x84, 0x88 };
	static int warm;
	struct access a;
	(void)thread;
	if (warm < 8)
		return first[warm++];
	if (!read_access(&a))
		return 0;
	return (long)((a.addr - lowest + ALIGN) << 8 | (unsigned)a.write << 7 | a.size);
}

static struct {
	uint64_t request;
	long (*function)(long thread);
	uint64_t unused[4];
} ask __attribute__((used)) = { VG_USERREQ__CLIENT_CALL0, next_access, { 0 } };

/* base is what offset 0 is at; does not return. */
void stream_accesses(char *base) __attribute__((noreturn));
/* The four rotations and the exchange do nothing on a processor; valgrind takes them as the request that rax
 * points to and gives the answer in rdx.  Loads are added to rsi, so that none is without use. */
__asm__("	.text\n"
	"	.p2align 8\n"
	"	.globl	stream_accesses\n"
	"	.type	stream_accesses, @function\n"
	"stream_accesses:\n"
	"	mov	%rdi, %r12\n"
	"1:	lea	ask(%rip), %rax\n"
	"	xor	%edx, %edx\n"
	"	rolq	$3, %rdi\n"
	"	rolq	$13, %rdi\n"
	"	rolq	$61, %rdi\n"
	"	rolq	$51, %rdi\n"
	"	xchgq	%rbx, %rbx\n"
	"	mov	%rdx, %rcx\n"
	"	shr	$8, %rcx\n"
	"	add	%r12, %rcx\n"
	"	movzbl	%dl, %edx\n"
	"	cmp	$8, %edx\n"
	"	jne	2f\n"
	"	addq	(%rcx), %rsi\n"
	"	jmp	1b\n"
	"2:	cmp	$0x88, %edx\n"
	"	jne	2f\n"
	"	movq	%rsi, (%rcx)\n"
	"	jmp	1b\n"
	"2:	cmp	$1, %edx\n"
	"	jne	2f\n"
	"	addb	(%rcx), %sil\n"
	"	jmp	1b\n"
	"2:	cmp	$0x81, %edx\n"
	"	jne	2f\n"
	"	movb	%sil, (%rcx)\n"
	"	jmp	1b\n"
	"2:	cmp	$4, %edx\n"
	"	jne	2f\n"
	"	addl	(%rcx), %esi\n"
	"	jmp	1b\n"
	"2:	cmp	$0x84, %edx\n"
	"	jne	2f\n"
	"	movl	%esi, (%rcx)\n"
	"	jmp	1b\n"
	"2:	cmp	$2, %edx\n"
	"	jne	2f\n"
	"	addw	(%rcx), %si\n"
	"	jmp	1b\n"
	"2:	cmp	$0x82, %edx\n"
	"	jne	2f\n"
	"	movw	%si, (%rcx)\n"
	"	jmp	1b\n"
	"2:	xor	%edi, %edi\n"
	"	mov	$231, %eax\n" /* exit_group(0) */
	"	syscall\n"
	"	.size	stream_accesses, .-stream_accesses\n");

int main(int argc, char **argv)
{
	struct stat st;
	int fd = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0 || fstat(fd, &st) != 0 || RUNNING_ON_VALGRIND == 0) {
		fputs("usage: valgrind --tool=cachegrind cache_driver STREAM\n", stderr);
		return 2;
	}
	if (st.st_size > 0) {
		text = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (text == MAP_FAILED)
			return 2;
		text_end = text + st.st_size;
	}
	if (VALGRIND_NON_SIMD_CALL0(measure)) {
		fputs("cache_driver: the stream has a line that is no access\n", stderr);
		return 2;
	}
	if (lowest > highest)
		lowest = highest = 0;
	/* Room to move: ALIGN for the first accesses, then the stream, at a place congruent to its own. */
	size_t room = highest - lowest + 3 * (size_t)ALIGN;
	char *region = mmap(
		NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (region == MAP_FAILED) {
		fputs("cache_driver: the addresses of the stream lie too far apart\n", stderr);
		return 2;
	}
	stream_accesses(region + ((lowest - (uintptr_t)region) & (ALIGN - 1)));
}
#else
int main(void)
{
	fputs("cache_driver: needs valgrind's headers, on amd64 with Linux\n", stderr);
	return 77;
}
#endif
