package main

// Where the real allocator puts things: the other side of tests/engine/heap.sh.
//
//	realmap --heap FILE     runs a workload and prints for each map what its
//	    memory was given: "MAP ROLE COUNT class= given= pages= objects=
//	    header= mod=" a line, and "MAP free=N", the preallocated overflow
//	    buckets that are left
//	realmap --alloc         asks the allocator itself; see allocations
//
// header is how far from its place in the span an object begins; mod is its
// address modulo the largest power of two up to 64 that divides the class, so
// that it does not depend on which object of the span it is.

import (
	"bufio"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"sort"
	"unsafe"
)

// span is mapscopeSpan of _runtime/heap.go.
type span struct {
	base, elemsize, nelems, pages, index, class, live uintptr
}

// Bodies in _runtime/heap.go.
func spanOf(p uintptr, ret *span) bool
func allocNoscan(size uintptr) unsafe.Pointer

func placeOf(p unsafe.Pointer) string {
	return placeAt(uintptr(p))
}

func placeAt(p uintptr) string {
	var s span
	if !spanOf(p, &s) {
		return "not in the heap"
	}
	align := uintptr(1)
	for align < 64 && s.elemsize%(align*2) == 0 {
		align *= 2
	}
	return fmt.Sprintf("class=%d given=%d pages=%d objects=%d header=%d mod=%d", s.class, s.elemsize,
		s.pages, s.nelems, p-s.base-s.index*s.elemsize, p%align)
}

// ---- the blocks of a map ----

type census struct {
	m     *workMap
	lines map[string]int
	seen  map[unsafe.Pointer]bool
}

func (c *census) add(role string, p unsafe.Pointer) {
	if p != nil && !c.seen[p] {
		c.seen[p] = true
		c.lines[role+" "+placeOf(p)]++
	}
}

// slice counts the header of a list of overflow buckets, and its array.
func (c *census) slice(p unsafe.Pointer) {
	if p != nil {
		c.add("slice", p)
		c.add("slice", *(*unsafe.Pointer)(p))
	}
}

func (c *census) array(array unsafe.Pointer) {
	m, size := c.m, c.m.bucketSize()
	c.add("buckets", array)
	end := uintptr(objectEnd(array))
	// The preallocated ones too: a bucket that was evacuated keeps the chain
	// behind a preallocated one alive as long as the array lives.
	for head := uintptr(array); head+size <= end; head += size {
		for p := unsafe.Add(array, head-uintptr(array)); p != nil; p = *m.nextBucket(p) {
			if uintptr(p) < uintptr(array) || uintptr(p) >= end {
				c.add("overflow", p)
			}
			c.slots(p)
		}
	}
}

// slots counts what hangs on a bucket: keys and elems of over 128 bytes.
func (c *census) slots(bucket unsafe.Pointer) {
	keySize, elemSize := c.m.slotSizes()
	for i := uintptr(0); i < slots; i++ {
		if c.m.key.size > 128 {
			c.add("key", *(*unsafe.Pointer)(unsafe.Add(bucket, slots+i*keySize)))
		}
		if c.m.elem.size > 128 {
			c.add("elem", *(*unsafe.Pointer)(unsafe.Add(bucket, slots+slots*keySize+i*elemSize)))
		}
	}
}

func (m *workMap) printHeap(out io.Writer) {
	h := (*hmap)(m.h)
	c := &census{m, map[string]int{}, map[unsafe.Pointer]bool{}}
	c.add("hmap", m.h)
	if h.extra != nil {
		c.add("extra", unsafe.Pointer(h.extra))
		c.slice(h.extra.overflow)
		c.slice(h.extra.oldoverflow)
	}
	if h.buckets != nil {
		c.array(h.buckets)
	}
	if h.oldbuckets != nil {
		c.array(h.oldbuckets)
	}
	var lines []string
	for line, n := range c.lines {
		lines = append(lines, fmt.Sprintf("%s %s x%d", m.name, line, n))
	}
	sort.Strings(lines)
	for _, line := range lines {
		fmt.Fprintln(out, line)
	}
	fmt.Fprintf(out, "%s free=%d\n", m.name, m.freeOverflow(h))
}

// printHeaps prints all maps of a workload, by their names.
func (r *runner) printHeaps(out io.Writer) {
	var names []string
	for name := range r.maps {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if m := r.maps[name]; m.h != nil {
			m.printHeap(out)
		}
	}
}

// ---- the allocator itself ----

// draws is a little random sequence that tests/engine/heap_driver.c has too.
type draws uint32

func (d *draws) next(below uint32) uint32 {
	*d = *d*1664525 + 1013904223
	return uint32(*d>>8) % below
}

const mostSize = 70000

// kept holds what the collector must not free.
var kept [][]unsafe.Pointer
var keptBytes, before []unsafe.Pointer

func sizes(out io.Writer) {
	for size := 1; size <= mostSize; size++ {
		if size%8 != 0 && size > 1100 && size%97 != 0 {
			continue
		}
		if size >= 16 {
			fmt.Fprintf(out, "%d noscan %s\n", size, placeOf(allocNoscan(uintptr(size))))
		}
		if size%8 == 0 {
			p := make([]unsafe.Pointer, size/8)
			kept = append(kept[:0], p)
			fmt.Fprintf(out, "%d scan %s\n", size, placeOf(unsafe.Pointer(&p[0])))
		}
	}
}

// tiny prints where objects of 1 to 16 bytes without pointers come: in which
// block, numbered as they first came, and at which offset. The blocks before
// the first are filled, so that it begins with a new one.
func tiny(out io.Writer) {
	const n = 4000
	at := make([]uintptr, n)
	size := make([]uintptr, n)
	var d draws
	for i := range size {
		size[i] = uintptr(d.next(16) + 1)
	}
	for allocNoscan(15); uintptr(allocNoscan(8))%16 != 0; allocNoscan(15) {
	}
	allocNoscan(8) // the block is full
	for i := range at {
		at[i] = uintptr(allocNoscan(size[i]))
	}
	blocks := map[uintptr]int{}
	for i, p := range at {
		if _, ok := blocks[p/16]; !ok {
			blocks[p/16] = len(blocks)
		}
		fmt.Fprintf(out, "tiny %d: block %d offset %d\n", size[i], blocks[p/16], p%16)
	}
}

// firstOfSpan gives the first object of a new span; those before it are kept.
func firstOfSpan(size uintptr) unsafe.Pointer {
	for {
		var s span
		p := allocNoscan(size)
		if spanOf(uintptr(p), &s); s.live == 1 {
			return p
		}
		before = append(before, p)
	}
}

// reuse fills spans of a class that nobody else uses, drops some objects, lets
// the collector run, and prints where the next ones come: the span, numbered as
// they first came, and the object in it.
func reuse(out io.Writer, size uintptr, n int) {
	var s span
	var d draws
	spans := map[uintptr]int{}
	place := func(p unsafe.Pointer) {
		spanOf(uintptr(p), &s)
		if _, ok := spans[s.base]; !ok {
			spans[s.base] = len(spans)
		}
		fmt.Fprintf(out, "reuse %d: span %d object %d\n", size, spans[s.base], s.index)
	}
	keptBytes = make([]unsafe.Pointer, n)
	keptBytes[0] = firstOfSpan(size)
	for i := 1; i < n; i++ {
		keptBytes[i] = allocNoscan(size)
	}
	dropped := 0
	for i := range keptBytes {
		place(keptBytes[i])
		if d.next(2) == 0 && s.index > 0 { // no span becomes empty: which pages come next is not the question
			keptBytes[i] = nil
			dropped++
		}
	}
	runtime.GC()
	again := make([]unsafe.Pointer, dropped)
	for i := range again {
		again[i] = allocNoscan(size)
	}
	fmt.Fprintf(out, "reuse %d: the collector has run\n", size)
	for _, p := range again {
		place(p)
	}
	runtime.KeepAlive(again)
}

// allocations prints what the allocator does, in the words of heap_driver.c.
func allocations(out *bufio.Writer) {
	runtime.LockOSThread()
	debug.SetGCPercent(-1)
	tiny(out)
	runtime.GC()
	for _, size := range []uintptr{2688, 5376, 6528, 9472, 13568, 19072, 27264} {
		reuse(out, size, 100)
	}
	sizes(out)
}
