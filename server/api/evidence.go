package api

import (
	"context"
	"io"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/gate"
)

// Evidence is a file of a report or of a draft.
type Evidence struct {
	ID   uint64 `json:"id" doc:"name it in evidence when the report is filed"`
	Name string `json:"name"`
	Size int64  `json:"size" doc:"in bytes"`
	Type string `json:"type" doc:"pdf, ofd, doc, docx, xls, xlsx, jpg, png or zip, as the content has it"`
	Hash string `json:"hash" doc:"SHA-256 of the content"`
}

func evidenceOf(file compliance.AttachmentView) Evidence {
	return Evidence{ID: file.ID, Name: file.Name, Size: file.Size, Type: string(file.Type), Hash: file.Hash}
}

func evidenceList(files []compliance.AttachmentView) []Evidence {
	list := make([]Evidence, len(files))
	for i, file := range files {
		list[i] = evidenceOf(file)
	}
	return list
}

// AttachInput attaches a file. Its form is read while it comes in, by the
// handler, not by huma.
type AttachInput struct {
	ID      uint64 `path:"id"`
	request huma.Context
}

// Resolve keeps the request for the handler.
func (i *AttachInput) Resolve(c huma.Context) []error {
	i.request = c
	return nil
}

// EvidenceOutput is a file after the write.
type EvidenceOutput struct {
	Body Evidence
}

func (s *Server) attachEvidence(ctx context.Context, input *AttachInput) (*EvidenceOutput, error) {
	c := humagin.Unwrap(input.request)
	output, actor := &EvidenceOutput{}, gate.CallerOf(ctx).Actor
	if err := s.Ledger.TakesEvidence(ctx, actor, input.ID); err != nil {
		return nil, err
	}
	taken := false
	err := gate.Upload(c.Writer, c.Request, s.Ledger.MaxFile(), func(name string, content io.Reader) error {
		if taken {
			return models.NewError(models.Conflict, "upload.one_file")
		}
		file, err := s.Ledger.Attach(ctx, actor, input.ID, name, content)
		if err == nil {
			output.Body, taken = evidenceOf(*file), true
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return output, nil
}

// EvidenceInput names a file.
type EvidenceInput struct {
	ID uint64 `path:"id"`
}

func (s *Server) downloadEvidence(ctx context.Context, input *EvidenceInput) (*huma.StreamResponse, error) {
	file, content, err := s.Ledger.Evidence(ctx, gate.CallerOf(ctx).Actor, input.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer content.Close()
		c := humagin.Unwrap(hc)
		gate.Download(c.Writer, c.Request, file.Name, file.Type.ContentType(), content)
	}}, nil
}

func (s *Server) detachEvidence(ctx context.Context, input *EvidenceInput) (*struct{}, error) {
	_, err := s.Ledger.Detach(ctx, gate.CallerOf(ctx).Actor, input.ID)
	return nil, err
}

// describeFiles adds what the types do not tell: the form of an upload and the
// content of a download, which huma does not read or write itself.
func describeFiles(description *huma.OpenAPI) {
	binary := func(text string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeString, Format: "binary", Description: text}
	}
	form := &huma.Schema{Type: huma.TypeObject, Required: []string{"file"},
		Properties: map[string]*huma.Schema{"file": binary("One file, of the type that its name says")}}
	description.Paths[Prefix+"/duties/{id}/evidence"].Post.RequestBody = &huma.RequestBody{Required: true,
		Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: form}}}
	description.Paths[Prefix+"/evidence/{id}"].Get.Responses["200"] = &huma.Response{Description: "The file, as an attachment under its name",
		Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: binary("")}}}
}
