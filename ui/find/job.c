/* A search that is under way; see job.h. */
#include "ui/find/job.h"

/* Operations looked at in a piece: some microseconds each. */
enum { JOB_OPS = 512 };

void job_release(struct job *j)
{
	scan_release(&j->scan);
	j->kind = JOB_NONE;
}

void job_stop(struct job *j)
{
	j->kind = JOB_NONE;
}

static void start(
	struct job *j, enum job_kind kind, struct source *s, uint64_t from, uint64_t n, bool backwards)
{
	if (j->source != s)
		scan_release(&j->scan);
	j->kind = kind;
	j->source = s;
	j->start = j->at = from;
	j->left = n;
	j->backwards = backwards;
	j->scanning = false;
	j->op = j->op_from = j->best = 0;
}

void job_marker(struct job *j, struct source *s, unsigned markers, const struct bookmarks *bookmarks,
	uint64_t from, uint64_t n, bool backwards)
{
	j->markers = markers;
	j->bookmarks = bookmarks;
	start(j, JOB_MARKER, s, from, n, backwards);
}

/* The first operation that begins behind the match before, or the last that begins before it. */
static void first_operation(struct job *j)
{
	uint64_t op = 0;
	if (!j->search.operations || !j->source->ops)
		return;
	uint64_t step = j->backwards && j->at ? j->at - 1 : j->at;
	if (step && j->source->operation_at(j->source, step, &op) != 0)
		op = 0;
	j->op = j->backwards ? op : op + 1;
	if (j->op > j->source->ops)
		j->op = 0;
	j->op_from = j->op;
}

void job_search(
	struct job *j, struct source *s, const struct search *q, uint64_t from, uint64_t n, bool backwards)
{
	j->search = *q;
	start(j, JOB_SEARCH, s, from, n, backwards);
	first_operation(j);
}

void job_watch(
	struct job *j, struct source *s, const struct watch *w, uint64_t from, uint64_t n, bool backwards)
{
	j->watch = *w;
	start(j, JOB_WATCH, s, from, n, backwards);
}

/* Operations first: they say how far events have to be looked at. */
static enum scan_state operations_piece(struct job *j)
{
	struct operation o;
	for (int i = 0; i < JOB_OPS && j->op; i++) {
		if (j->source->operation(j->source, j->op, &o) != 0)
			return SCAN_FAILED;
		bool ahead = j->backwards ? o.first_step < j->at : o.first_step > j->at;
		if (ahead && search_operation(&j->search, &o)) {
			j->best = o.first_step;
			j->op = 0;
		} else {
			j->op = j->backwards ? j->op - 1 : j->op < j->source->ops ? j->op + 1 : 0;
		}
	}
	return SCAN_MORE;
}

static void scan_begin(struct job *j)
{
	struct scan_query q;
	if (j->kind == JOB_MARKER) {
		q = marker_query(&j->markers);
		if (j->markers >> MARKER_BOOKMARK & 1)
			j->best = bookmarks_near(j->bookmarks, j->at, j->backwards);
	} else {
		q = j->kind == JOB_SEARCH ? search_query(&j->search) : watch_query(&j->watch);
	}
	uint64_t limit = j->best ? j->best : j->backwards ? 0 : UINT64_MAX;
	if (j->at == j->start)
		scan_start(&j->scan, j->source, &q, j->at, limit, j->backwards);
	else
		scan_again(&j->scan, j->at, limit);
	j->scanning = true;
}

/* A match at a step: the one that was asked for, or one more to be passed. */
static enum scan_state matched(struct job *j, uint64_t step)
{
	j->best = 0;
	j->at = step;
	if (--j->left == 0) {
		j->found = step;
		return SCAN_FOUND;
	}
	j->scanning = false;
	if (j->kind == JOB_SEARCH)
		first_operation(j);
	return SCAN_MORE;
}

static enum scan_state piece(struct job *j)
{
	enum scan_state state = SCAN_END;
	if (j->op)
		return operations_piece(j);
	if (!j->scanning)
		scan_begin(j);
	if (j->kind != JOB_SEARCH || j->search.events)
		state = scan_piece(&j->scan);
	if (state == SCAN_FOUND)
		return matched(j, j->scan.found);
	if (state == SCAN_END && j->best)
		return matched(j, j->best);
	if (state == SCAN_END && j->at != j->start) { /* fewer than were asked for: the last of them */
		j->found = j->at;
		return SCAN_FOUND;
	}
	return state;
}

enum scan_state job_piece(struct job *j)
{
	enum scan_state state = piece(j);
	if (state != SCAN_MORE)
		j->kind = JOB_NONE;
	return state;
}

/* Looking at operations is the first half of a search. */
unsigned job_percent(const struct job *j)
{
	double done = j->scanning ? scan_done(&j->scan) : 0;
	if (j->kind == JOB_SEARCH && j->search.operations) {
		uint64_t all = j->backwards ? j->op_from : j->source->ops - j->op_from;
		uint64_t past = !j->op ? all : j->backwards ? j->op_from - j->op : j->op - j->op_from;
		double ops = all ? (double)past / (double)all : 1;
		done = j->search.events ? ops / 2 + (j->op ? 0 : done / 2) : ops;
	}
	return done < 0.99 ? (unsigned)(done * 100) : 99;
}
