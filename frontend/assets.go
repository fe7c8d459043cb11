package frontend

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// AssetPrefix is the path under which the assets are served.
const AssetPrefix = "/assets/"

// Assets serves the scripts and styles of a build, or, when the binary was
// built without one, the plain styles alone: pages work without scripts.
type Assets struct {
	files map[string]asset
}

type asset struct {
	body, zipped []byte
	version      string
	mediaType    string
}

// NewAssets reads the embedded build and compresses it once.
func NewAssets() (*Assets, error) {
	a := &Assets{files: map[string]asset{}}
	names, err := fs.Glob(files, "dist/*.*s")
	if err != nil {
		return nil, fmt.Errorf("list assets: %w", err)
	}
	for _, name := range names {
		body, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("asset %s: %w", name, err)
		}
		if err := a.add(path.Base(name), body); err != nil {
			return nil, err
		}
	}
	if a.Built() {
		return a, nil
	}
	body, err := plainStyle()
	if err != nil {
		return nil, err
	}
	return a, a.add("app.css", body)
}

// Built tells whether there is a build, and so a script.
func (a *Assets) Built() bool {
	_, ok := a.files["app.js"]
	return ok
}

// plainStyle is the plain base with the same component styles as the build has.
func plainStyle() ([]byte, error) {
	names, err := fs.Glob(files, "assets/css/*.css")
	if err != nil {
		return nil, fmt.Errorf("list styles: %w", err)
	}
	base, err := files.ReadFile("assets/css/plain.css")
	if err != nil {
		return nil, fmt.Errorf("plain style: %w", err)
	}
	style := bytes.NewBuffer(base)
	for _, name := range names {
		if name == "assets/css/plain.css" || name == "assets/css/app.css" {
			continue
		}
		body, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("style %s: %w", name, err)
		}
		style.Write(body)
	}
	return style.Bytes(), nil
}

func (a *Assets) add(name string, body []byte) error {
	var zipped bytes.Buffer
	writer := gzip.NewWriter(&zipped)
	if _, err := writer.Write(body); err != nil {
		return fmt.Errorf("compress %s: %w", name, err)
	}
	if err := writer.Close(); err != nil {
		return fmt.Errorf("compress %s: %w", name, err)
	}
	sum := sha256.Sum256(body)
	a.files[name] = asset{body, zipped.Bytes(), hex.EncodeToString(sum[:6]), mime.TypeByExtension(path.Ext(name))}
	return nil
}

// URL returns the path of an asset with its version, which changes with its
// content; empty when there is no such asset.
func (a *Assets) URL(name string) string {
	file, ok := a.files[name]
	if !ok {
		return ""
	}
	return AssetPrefix + name + "?v=" + file.version
}

// ServeHTTP answers GET and HEAD under AssetPrefix. Content is kept for ever by
// browsers: a new one has a new URL.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := a.files[strings.TrimPrefix(r.URL.Path, AssetPrefix)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", file.mediaType)
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Vary", "Accept-Encoding")
	body := file.body
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
		body = file.zipped
	}
	header.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}
