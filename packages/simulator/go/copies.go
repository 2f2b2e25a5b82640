package main

import "reflect"

// copyOf copies a value with everything it points to, so that no two objects
// of the inventory share a device or a list.
func copyOf[T any](value T) T {
	copied := reflect.New(reflect.TypeFor[T]()).Elem()
	copied.Set(deepCopy(reflect.ValueOf(&value).Elem()))
	return copied.Interface().(T)
}

func deepCopy(value reflect.Value) reflect.Value {
	switch value.Kind() {
	case reflect.Pointer:
		if value.IsNil() {
			return value
		}
		copied := reflect.New(value.Type().Elem())
		copied.Elem().Set(deepCopy(value.Elem()))
		return copied
	case reflect.Interface:
		if value.IsNil() {
			return value
		}
		copied := reflect.New(value.Type()).Elem()
		copied.Set(deepCopy(value.Elem()))
		return copied
	case reflect.Slice:
		if value.IsNil() {
			return value
		}
		copied := reflect.MakeSlice(value.Type(), value.Len(), value.Len())
		for i := range value.Len() {
			copied.Index(i).Set(deepCopy(value.Index(i)))
		}
		return copied
	case reflect.Struct:
		copied := reflect.New(value.Type()).Elem()
		// Fields that others can't set (time.Time's) come along with the whole.
		copied.Set(value)
		for i := range value.NumField() {
			if value.Type().Field(i).IsExported() {
				copied.Field(i).Set(deepCopy(value.Field(i)))
			}
		}
		return copied
	default:
		return value
	}
}
