package gate

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"sundial/models"
)

const (
	// maxBody bounds a request: the largest is a policy pack, as a file and as text.
	maxBody = 3 << 20
	// formOverhead is what a form may have around its file.
	formOverhead = 1 << 20
	// transferTime is how long a file may take, either way; other requests have
	// the times of the server.
	transferTime = 15 * time.Minute
)

// uploads are the paths to which files are sent.
var uploads = []string{
	"/duties/*/evidence", "/api/v1/duties/*/evidence", "/units/*/imports", "/duties/*/scheme", "/sheets/*/files",
	// The forms of steps, with their files.
	"/tasks/*/*", "/task-shares/*/*", "/urges/*/*", "/inspections/*/*", "/findings/*/*", "/rectifications/*/*",
}

func isUpload(r *http.Request) bool {
	if r.Method != http.MethodPost {
		return false
	}
	for _, pattern := range uploads {
		if match, _ := path.Match(pattern, r.URL.Path); match {
			return true
		}
	}
	return false
}

// LimitBodies bounds what is read of a request: of an upload the size of a file
// and a little more, of all else three mebibytes.
func LimitBodies(next http.Handler, maxFile int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit := int64(maxBody)
		if isUpload(r) {
			limit = maxFile + formOverhead
		}
		limited := *r
		limited.Body = http.MaxBytesReader(w, r.Body, limit)
		next.ServeHTTP(w, &limited)
	})
}

// Upload calls take with the name and the content of each file of a form's field
// "file", while they come in: nothing is kept in memory. Short texts of the form
// that stand before a file are in r.PostForm by then. It ends with the first
// error of take that is not an Invalid file; those it collects, and returns as one
// error after all files. A form that is too large is TooLarge, by what it says of
// itself before anything is read, and by what was read otherwise.
func Upload(w http.ResponseWriter, r *http.Request, maxFile int64, take func(name string, content io.Reader) error) error {
	return receive(w, r, maxFile, &upload{take: take, maxFile: maxFile})
}

// TakeFiles is Upload of a form that may have files: without any, or sent as one that
// cannot have any, it is fine as well.
func TakeFiles(w http.ResponseWriter, r *http.Request, maxFile int64, take func(name string, content io.Reader) error) error {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return nil
	}
	return receive(w, r, maxFile, &upload{take: take, maxFile: maxFile, optional: true})
}

func receive(w http.ResponseWriter, r *http.Request, maxFile int64, u *upload) error {
	if r.ContentLength > maxFile+formOverhead {
		return tooLarge(maxFile)
	}
	giveTime(w)
	form, err := r.MultipartReader()
	if err != nil {
		return fileFault("upload.no_form").Because(err)
	}
	r.PostForm = url.Values{}
	u.fields = r.PostForm
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return u.result()
		}
		if err == nil {
			err = u.part(part)
		} else if !isTooLarge(err) {
			err = fileFault("upload.broken").Because(err)
		}
		if isTooLarge(err) {
			return tooLarge(maxFile).Because(err)
		}
		if err != nil {
			return err
		}
	}
}

// maxField bounds a text of a form with files: the longest is a remark of 2000
// characters.
const maxField = 8 << 10

type upload struct {
	fields  url.Values
	take    func(name string, content io.Reader) error
	maxFile int64
	// optional tells that the form need not have a file.
	optional bool
	files    int
	refused  *models.Error
}

func (u *upload) part(part *multipart.Part) error {
	if part.FileName() == "" && part.FormName() != "file" {
		text, err := io.ReadAll(io.LimitReader(part, maxField))
		if err == nil && utf8.Valid(text) {
			u.fields.Add(part.FormName(), string(text))
		}
		return err
	}
	if part.FormName() != "file" || part.FileName() == "" {
		return nil
	}
	u.files++
	err := u.take(part.FileName(), part)
	var refused *models.Error
	if !errors.As(err, &refused) || refused.Code != models.Invalid || isTooLarge(err) {
		return err
	}
	if u.refused == nil {
		u.refused = refused
	} else {
		both := *u.refused
		both.Fields = append(both.Fields[:len(both.Fields):len(both.Fields)], refused.Fields...)
		u.refused = &both
	}
	return nil
}

func (u *upload) result() error {
	switch {
	case u.files == 0 && !u.optional:
		return fileFault("upload.no_file")
	case u.refused == nil:
		return nil
	case len(u.refused.Fields) > 0 && u.refused.Fields[0].Key == "evidence.too_large":
		refused := *u.refused
		refused.Code = models.TooLarge
		return &refused
	default:
		return u.refused
	}
}

func isTooLarge(err error) bool {
	var cut *http.MaxBytesError
	return errors.As(err, &cut)
}

func tooLarge(maxFile int64) *models.Error {
	return models.NewError(models.TooLarge, "upload.too_large", "MB", maxFile>>20)
}

func fileFault(key string) *models.Error {
	return &models.Error{Code: models.Invalid, Key: "error.invalid", Fields: []models.Field{{Name: "file", Key: key}}}
}

// giveTime lets a request take as long as a file may. What has no deadlines, such
// as a recorder of a test, needs none.
func giveTime(w http.ResponseWriter) {
	deadline := time.Now().Add(transferTime)
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(deadline)
	_ = control.SetWriteDeadline(deadline)
}
