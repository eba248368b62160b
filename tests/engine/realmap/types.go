package main

// Key and elem types of the workload language, and the values that a workload
// writes for them. A value is made in place, as the bytes it has in memory.

import (
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"unsafe"
)

type valueType struct {
	name string
	kind reflect.Kind
	size uintptr
	real reflect.Type
}

var basicTypes = []reflect.Type{
	reflect.TypeOf(""), reflect.TypeOf(false),
	reflect.TypeOf(int8(0)), reflect.TypeOf(int16(0)), reflect.TypeOf(int32(0)),
	reflect.TypeOf(int64(0)), reflect.TypeOf(int(0)),
	reflect.TypeOf(uint8(0)), reflect.TypeOf(uint16(0)), reflect.TypeOf(uint32(0)),
	reflect.TypeOf(uint64(0)), reflect.TypeOf(uint(0)), reflect.TypeOf(uintptr(0)),
	reflect.TypeOf(float32(0)), reflect.TypeOf(float64(0)),
	reflect.TypeOf(complex64(0)), reflect.TypeOf(complex128(0)),
}

var (
	emptyStruct = reflect.TypeOf(struct{}{})
	anyType     = reflect.TypeOf((*any)(nil)).Elem()
	byteType    = reflect.TypeOf(byte(0))
)

func newValueType(name string, t reflect.Type) *valueType {
	return &valueType{name: name, kind: t.Kind(), size: t.Size(), real: t}
}

// parseType returns nil when the text names no type of the language.
func parseType(s string) *valueType {
	switch s {
	case "struct{}":
		return newValueType(s, emptyStruct)
	case "any":
		return newValueType(s, anyType)
	}
	for _, t := range basicTypes {
		if t.Kind().String() == s {
			return newValueType(s, t)
		}
	}
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]byte") {
		n, err := strconv.ParseUint(s[1:len(s)-len("]byte")], 10, 31)
		if err == nil {
			return newValueType(s, reflect.ArrayOf(int(n), byteType))
		}
	}
	return nil
}

// typeName spells the dynamic type of an `any` as the language does.
func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Array:
		return "[" + strconv.Itoa(t.Len()) + "]byte"
	case reflect.Struct:
		return "struct{}"
	case reflect.Slice:
		return "[]int"
	}
	return t.Kind().String()
}

func bytesAt(p unsafe.Pointer, n uintptr) []byte {
	return unsafe.Slice((*byte)(p), int(n))
}

// storeWord writes the low bytes of x: amd64 is little-endian.
func storeWord(dst unsafe.Pointer, size uintptr, x uint64) {
	for i := uintptr(0); i < size; i++ {
		*(*byte)(unsafe.Add(dst, i)) = byte(x)
		x >>= 8 // bytes past the eighth are zero
	}
}

// storeString keeps the language's promise that an empty string has a nil pointer.
func storeString(dst unsafe.Pointer, s string) {
	var empty string
	if s == "" {
		s = empty
	}
	*(*string)(dst) = s
}

// store writes the value that word w stands for.
func (t *valueType) store(dst unsafe.Pointer, w word) error {
	switch t.kind {
	case reflect.String:
		storeString(dst, w.text)
	case reflect.Bool:
		if w.text != "true" && w.text != "false" {
			return t.bad(w)
		}
		*(*bool)(dst) = w.text == "true"
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Int:
		i, err := strconv.ParseInt(w.text, 0, int(t.size)*8)
		if err != nil {
			return t.bad(w)
		}
		storeWord(dst, t.size, uint64(i))
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uint, reflect.Uintptr:
		u, err := strconv.ParseUint(w.text, 0, int(t.size)*8)
		if err != nil {
			return t.bad(w)
		}
		storeWord(dst, t.size, u)
	case reflect.Float32, reflect.Float64:
		f, err := strconv.ParseFloat(w.text, 64)
		if err != nil {
			return t.bad(w)
		}
		t.storeFloat(dst, f)
	case reflect.Complex64, reflect.Complex128:
		c, err := strconv.ParseComplex(w.text, 128)
		if err != nil {
			return t.bad(w)
		}
		t.storeComplex(dst, c)
	case reflect.Array:
		u, ok := cutInteger(w.text)
		if !ok {
			return t.bad(w)
		}
		storeWord(dst, t.size, u)
	case reflect.Interface:
		v, err := parseAny(w)
		if err != nil {
			return err
		}
		*(*any)(dst) = v
	}
	return nil
}

func (t *valueType) bad(w word) error {
	return fmt.Errorf("%q is no value of type %s", w.text, t.name)
}

func (t *valueType) storeFloat(dst unsafe.Pointer, f float64) {
	if t.kind == reflect.Float32 {
		*(*float32)(dst) = float32(f)
	} else {
		*(*float64)(dst) = f
	}
}

func (t *valueType) storeComplex(dst unsafe.Pointer, c complex128) {
	if t.kind == reflect.Complex64 {
		*(*complex64)(dst) = complex64(c)
	} else {
		*(*complex128)(dst) = c
	}
}

// storeElement writes element i of a fill, probe or drain.
func (t *valueType) storeElement(dst unsafe.Pointer, i int64, letter string) {
	switch t.kind {
	case reflect.String:
		storeString(dst, letter+strconv.FormatInt(i, 10))
	case reflect.Bool:
		*(*bool)(dst) = i&1 != 0
	case reflect.Float32, reflect.Float64:
		t.storeFloat(dst, float64(i))
	case reflect.Complex64, reflect.Complex128:
		t.storeComplex(dst, complex(float64(i), 0))
	case reflect.Interface:
		*(*any)(dst) = int(i)
	case reflect.Struct:
	default:
		storeWord(dst, t.size, uint64(i))
	}
}

// cutInteger gives the low 64 bits of an integer of any size.
func cutInteger(s string) (uint64, bool) {
	i, ok := new(big.Int).SetString(s, 0)
	if !ok {
		return 0, false
	}
	low := new(big.Int).SetUint64(math.MaxUint64)
	return low.And(low, i).Uint64(), true
}

// parseAny reads a Go literal: what the language lists, and any of its types
// written as a conversion. All other bare words are strings.
func parseAny(w word) (any, error) {
	s := w.text
	if w.quoted {
		return s, nil
	}
	switch s {
	case "nil":
		return nil, nil
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "[]int{}":
		return []int{}, nil
	}
	if v, ok, err := parseConversion(w); ok {
		return v, err
	}
	if !looksNumeric(s) {
		return s, nil
	}
	i, err := strconv.ParseInt(s, 0, 64)
	if err == nil {
		return int(i), nil
	}
	if e, ok := err.(*strconv.NumError); ok && e.Err == strconv.ErrRange {
		return nil, fmt.Errorf("%q does not fit an int", s)
	}
	f, err := strconv.ParseFloat(s, 64)
	if err == nil {
		return f, nil
	}
	if math.IsInf(f, 0) {
		return nil, fmt.Errorf("%q does not fit a float64", s)
	}
	if c, err := strconv.ParseComplex(s, 128); err == nil {
		return c, nil
	}
	return s, nil
}

// looksNumeric tells 2.5 from words like inf, which ParseFloat would take too.
func looksNumeric(s string) bool {
	s = strings.TrimLeft(s, "+-")
	s = strings.TrimPrefix(s, ".")
	return s != "" && s[0] >= '0' && s[0] <= '9'
}

// parseConversion reads T(x).
func parseConversion(w word) (v any, ok bool, err error) {
	open := strings.IndexByte(w.text, '(')
	if open <= 0 || !strings.HasSuffix(w.text, ")") {
		return nil, false, nil
	}
	t := parseType(w.text[:open])
	if t == nil || t.kind == reflect.Interface {
		return nil, false, nil
	}
	p := reflect.New(t.real)
	inner := word{text: w.text[open+1 : len(w.text)-1]}
	if text, err := strconv.Unquote(inner.text); err == nil && t.kind == reflect.String {
		inner.text = text
	}
	if err := t.store(p.UnsafePointer(), inner); err != nil {
		return nil, true, err
	}
	return p.Elem().Interface(), true, nil
}
