package main

import (
	"fmt"
	"net/http"
	"reflect"

	"github.com/vmware/govmomi/vim25/types"
	"github.com/vmware/govmomi/vim25/xml"
)

func writeFault(w http.ResponseWriter, message string, fault types.BaseMethodFault) {
	kind := reflect.TypeOf(fault).Elem().Name()
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(http.StatusInternalServerError)
	writeEnvelope(w, func(e *xml.Encoder) error {
		_, _ = fmt.Fprint(w, `<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>`)
		_ = xml.EscapeText(w, []byte(message))
		_, _ = fmt.Fprint(w, `</faultstring><detail>`)
		err := e.EncodeElement(fault, xml.StartElement{
			Name: xml.Name{Local: kind + "Fault"},
			Attr: []xml.Attr{
				{Name: xml.Name{Local: "xmlns"}, Value: "urn:vim25"},
				{Name: xml.Name{Local: "xsi:type"}, Value: kind},
			},
		})
		if err == nil {
			err = e.Flush()
		}
		_, _ = fmt.Fprint(w, `</detail></soapenv:Fault>`)
		return err
	})
}

// taskReply is the answer of every method that returns a task.
type taskReply struct {
	Returnval types.ManagedObjectReference `xml:"returnval"`
}

// writeReply answers method with a reply of its response type's form.
func writeReply(w http.ResponseWriter, method string, reply any) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	writeEnvelope(w, func(e *xml.Encoder) error {
		err := e.EncodeElement(reply, xml.StartElement{
			Name: xml.Name{Local: method + "Response"},
			Attr: []xml.Attr{{Name: xml.Name{Local: "xmlns"}, Value: "urn:vim25"}},
		})
		if err == nil {
			err = e.Flush()
		}
		return err
	})
}

func writeEnvelope(w http.ResponseWriter, content func(*xml.Encoder) error) {
	_, _ = fmt.Fprint(w, xml.Header+`<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"`+
		` xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`+
		`<soapenv:Body>`)
	if err := content(xml.NewEncoder(w)); err != nil {
		return
	}
	_, _ = fmt.Fprint(w, `</soapenv:Body></soapenv:Envelope>`)
}
