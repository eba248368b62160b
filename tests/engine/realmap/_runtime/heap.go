// What the allocator knows of an address, and the allocator itself, for
// realmap --heap and --alloc. Inside package runtime; see hook.go.

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
