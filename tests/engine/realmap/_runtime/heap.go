// What the allocator knows of an address, the allocator itself, and a log of
// what it gives, for realmap --heap, --alloc and --log. Inside package runtime;
// see hook.go.

package runtime

import "unsafe"

// mapscopeSpan is the span of an address. Package main declares the same struct.
type mapscopeSpan struct {
	base, elemsize, nelems, pages, index uintptr
	class, live                          uintptr // the span class; objects given
}

// mapscopeSpanOf says which span of the heap p lies in; false: in none.
//
//go:linkname mapscopeSpanOf main.spanOf
func mapscopeSpanOf(p uintptr, ret *mapscopeSpan) bool {
	s := spanOfHeap(p)
	if s == nil {
		return false
	}
	*ret = mapscopeSpan{s.base(), s.elemsize, uintptr(s.nelems), s.npages,
		s.objIndex(p), uintptr(s.spanclass), uintptr(s.allocCount)}
	return true
}

// mapscopeNoscan allocates memory without pointers.
//
//go:linkname mapscopeNoscan main.allocNoscan
func mapscopeNoscan(size uintptr) unsafe.Pointer {
	return mallocgc(size, nil, true)
}

// mapscopeAllocation is an object that mallocgc gave. Package main declares the
// same struct.
type mapscopeAllocation struct {
	size, at uintptr
}

var mapscopeLog [1 << 16]mapscopeAllocation
var mapscopeLogged int // -1: the log is closed
var mapscopeTiny, mapscopeTinyOffset uintptr

func init() { mapscopeLogged = -1 }

// mallocgc stands before the runtime's own, which build.sh renames.
func mallocgc(size uintptr, typ *_type, needzero bool) unsafe.Pointer {
	p := mapscopeMallocgc(size, typ, needzero)
	if mapscopeLogged >= 0 && size > 0 && mapscopeLogged < len(mapscopeLog) {
		mapscopeLog[mapscopeLogged] = mapscopeAllocation{size, uintptr(p)}
		mapscopeLogged++
	}
	return p
}

// mapscopeSwapTiny gives the operations on maps a block of the tiny allocator
// of their own: what the program needs between them takes no room in it.
func mapscopeSwapTiny() {
	c := getg().m.p.ptr().mcache
	c.tiny, mapscopeTiny = mapscopeTiny, c.tiny
	c.tinyoffset, mapscopeTinyOffset = mapscopeTinyOffset, c.tinyoffset
}

//go:linkname mapscopeOpenLog main.openLog
func mapscopeOpenLog() {
	mapscopeSwapTiny()
	mapscopeLogged = 0
}

// mapscopeCloseLog gives how many allocations were logged.
//
//go:linkname mapscopeCloseLog main.closeLog
func mapscopeCloseLog() int {
	n := mapscopeLogged
	mapscopeLogged = -1
	mapscopeSwapTiny()
	return n
}

//go:linkname mapscopeLoggedAt main.loggedAt
func mapscopeLoggedAt(i int) mapscopeAllocation {
	return mapscopeLog[i]
}
