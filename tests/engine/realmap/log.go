package main

// What each operation allocates: the other side of tests/engine/allocations.sh.
//
//	realmap --log FILE      runs a workload and prints a line for each object
//	    that an operation, or the making of a map, allocated, in order:
//	    "OP SIZE class= given= pages= objects= header= mod=", or
//	    "OP SIZE tiny block B offset N" when it shares a block
//
// Keys and elems are those of variables of the program, whose texts are fresh.
// Values come into an `any` by the conversions that the compiler makes for their
// types. An operation that panics is left out: the runtime's error is no part of it.

import (
	"fmt"
	"io"
	"unsafe"
)

type pointer = unsafe.Pointer

type allocation struct {
	size, at uintptr
}

// Bodies in _runtime/heap.go.
func openLog()
func closeLog() int
func loggedAt(i int) allocation

// opLog is nil unless allocations are asked for.
type opLog struct {
	out      io.Writer
	pending  []allocation // of the operation under way
	panicked bool
	blocks   map[uintptr]int // of the tiny allocator, numbered as they first came
}

var theLog *opLog

// open begins to log; what is allocated up to close is the operation's.
func (l *opLog) open() {
	if l != nil {
		openLog()
	}
}

func (l *opLog) close(panicked bool) {
	if l == nil {
		return
	}
	n := closeLog()
	for i := 0; i < n; i++ {
		l.pending = append(l.pending, loggedAt(i))
	}
	l.panicked = l.panicked || panicked
}

// print ends an operation.
func (l *opLog) print(op string) {
	if l == nil {
		return
	}
	for _, a := range l.pending {
		if !l.panicked {
			fmt.Fprintf(l.out, "%s %d %s\n", op, a.size, l.place(a))
		} else if a.size < 16 {
			l.place(a) // its block has a number all the same
		}
	}
	l.pending, l.panicked = l.pending[:0], false
}

func (l *opLog) place(a allocation) string {
	var s span
	spanOf(a.at, &s)
	if a.size >= 16 || s.class != 5 {
		return placeAt(a.at)
	}
	if _, ok := l.blocks[a.at/16]; !ok {
		l.blocks[a.at/16] = len(l.blocks)
	}
	return fmt.Sprintf("tiny block %d offset %d", l.blocks[a.at/16], a.at%16)
}

// ---- values as a program has them ----

// settle gives the operand at p fresh memory outside of the map.
func (t *valueType) settle(p pointer) {
	if theLog == nil {
		return
	}
	switch t.real {
	case basicTypes[0]:
		*(*string)(p) = fresh(*(*string)(p))
	case anyType:
		*(*any)(p) = boxed(*(*any)(p))
	}
}

// fresh copies a text, as one that a program has read.
func fresh(s string) string {
	if s == "" {
		return s
	}
	p := allocNoscan(uintptr(len(s)))
	copy(bytesAt(p, uintptr(len(s))), s)
	return *(*string)(pointer(&struct {
		p pointer
		n int
	}{p, len(s)}))
}

// boxed converts a value anew.
func boxed(v any) any {
	switch x := v.(type) {
	case bool:
		return boxBool(x)
	case int8:
		return boxInt8(x)
	case int16:
		return boxInt16(x)
	case int32:
		return boxInt32(x)
	case int64:
		return boxInt64(x)
	case int:
		return boxInt(x)
	case uint8:
		return boxUint8(x)
	case uint16:
		return boxUint16(x)
	case uint32:
		return boxUint32(x)
	case uint64:
		return boxUint64(x)
	case uint:
		return boxUint(x)
	case uintptr:
		return boxUintptr(x)
	case float32:
		return boxFloat32(x)
	case float64:
		return boxFloat64(x)
	case complex64:
		return boxComplex64(x)
	case complex128:
		return boxComplex128(x)
	case string:
		return boxString(fresh(x))
	case struct{}:
		return boxEmpty(x)
	case []int:
		return boxSlice(x)
	}
	return v
}

//go:noinline
func boxBool(x bool) any { return x }

//go:noinline
func boxInt8(x int8) any { return x }

//go:noinline
func boxInt16(x int16) any { return x }

//go:noinline
func boxInt32(x int32) any { return x }

//go:noinline
func boxInt64(x int64) any { return x }

//go:noinline
func boxInt(x int) any { return x }

//go:noinline
func boxUint8(x uint8) any { return x }

//go:noinline
func boxUint16(x uint16) any { return x }

//go:noinline
func boxUint32(x uint32) any { return x }

//go:noinline
func boxUint64(x uint64) any { return x }

//go:noinline
func boxUint(x uint) any { return x }

//go:noinline
func boxUintptr(x uintptr) any { return x }

//go:noinline
func boxFloat32(x float32) any { return x }

//go:noinline
func boxFloat64(x float64) any { return x }

//go:noinline
func boxComplex64(x complex64) any { return x }

//go:noinline
func boxComplex128(x complex128) any { return x }

//go:noinline
func boxString(x string) any { return x }

//go:noinline
func boxEmpty(x struct{}) any { return x }

//go:noinline
func boxSlice(x []int) any { return x }
