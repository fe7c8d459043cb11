package compliance

import (
	"context"
	"encoding/json"
	"fmt"

	"sundial/models"
	"sundial/server/rules"
	"sundial/server/store"
)

// maxDraft is the most bytes that a draft takes: far more than a scheme of the
// most items that can be filed.
const maxDraft = 256 << 10

// DraftView is a user's draft for a duty: what was typed, and the files attached
// so far. Version is 0 and SavedAt zero while nothing was typed.
type DraftView struct {
	models.Draft
	Content rules.Filing
	Files   []AttachmentView
}

// SaveDraft keeps what the actor has typed for a duty, complete or not, one draft
// per duty and user. The version is that of the draft that was typed on, 0 for a
// new one; when another window has saved, filed or discarded it meanwhile it is
// Stale. A duty that takes no report now is a Conflict. The audit log tells that
// a draft was begun or discarded, not each save: what counts is what is filed.
func (l *Ledger) SaveDraft(ctx context.Context, actor Actor, duty uint64, filing rules.Filing, version int) (*models.Draft, error) {
	var draft *models.Draft
	err := l.write(ctx, actor, func(w *write) error {
		var err error
		draft, err = w.saveDraft(duty, filing, version)
		return err
	})
	return draft, err
}

func (w *write) saveDraft(duty uint64, filing rules.Filing, version int) (*models.Draft, error) {
	c, err := w.candidate(duty)
	if err != nil {
		return nil, err
	}
	refusal, err := w.closed(w.tx, c.dossier, c.unit)
	if err != nil {
		return nil, err
	}
	if refusal != nil {
		return nil, refusal
	}
	content, err := json.Marshal(filing)
	if err != nil {
		return nil, fmt.Errorf("draft: %w", err)
	}
	if len(content) > maxDraft {
		return nil, models.NewError(models.Invalid, "draft.too_large")
	}
	draft, found, err := w.ownDraft(duty)
	if err != nil {
		return nil, err
	}
	if draft.Version != version {
		return nil, models.NewError(models.Stale, "draft.stale")
	}
	draft.Filing, draft.Version, draft.SavedAt = string(content), version+1, w.moment.at
	if err := w.tx.Save(&draft).Error; err != nil {
		return nil, fmt.Errorf("store draft: %w", err)
	}
	if found {
		return &draft, nil
	}
	return &draft, w.record(event{action: "begin", object: "draft", id: draft.ID, unit: c.unit, detail: map[string]any{"duty": duty}})
}

// ownDraft returns the actor's draft for the duty, or one to begin.
func (w *write) ownDraft(duty uint64) (draft models.Draft, found bool, err error) {
	var drafts []models.Draft
	err = w.locked().Where("duty_id = ? AND user_id = ?", duty, w.actor.ID).Find(&drafts).Error
	if err != nil {
		return draft, false, fmt.Errorf("draft: %w", err)
	}
	if len(drafts) == 0 {
		return models.Draft{DutyID: duty, UserID: w.actor.ID}, false, nil
	}
	return drafts[0], true, nil
}

// DiscardDraft throws away what the actor has typed for a duty, and takes off
// the files of the draft. Without a draft there is nothing to do.
func (l *Ledger) DiscardDraft(ctx context.Context, actor Actor, duty uint64) error {
	return l.write(ctx, actor, func(w *write) error {
		c, err := w.candidate(duty)
		if err != nil {
			return err
		}
		var files []models.Attachment
		if err := w.ownFiles(duty).Order("id").Find(&files).Error; err != nil {
			return fmt.Errorf("files of draft: %w", err)
		}
		for _, file := range files {
			if err := w.detach(file, c.unit); err != nil {
				return err
			}
		}
		draft, found, err := w.ownDraft(duty)
		if err != nil || !found {
			return err
		}
		if err := w.dropDraft(duty); err != nil {
			return err
		}
		return w.record(event{action: "discard", object: "draft", id: draft.ID, unit: c.unit, detail: map[string]any{"duty": duty}})
	})
}

// dropDraft removes the actor's draft for the duty.
func (w *write) dropDraft(duty uint64) error {
	if err := w.tx.Where("duty_id = ? AND user_id = ?", duty, w.actor.ID).Delete(&models.Draft{}).Error; err != nil {
		return fmt.Errorf("remove draft: %w", err)
	}
	return nil
}

// Draft returns the actor's draft for a duty, an empty one when there is none. A
// duty that the actor may not file for is Forbidden or NotFound.
func (l *Ledger) Draft(ctx context.Context, actor Actor, duty uint64) (*DraftView, error) {
	w := l.look(ctx, actor)
	if _, err := w.candidate(duty); err != nil {
		return nil, err
	}
	draft, found, err := w.ownDraft(duty)
	if err != nil {
		return nil, err
	}
	view := &DraftView{Draft: draft}
	if found {
		if err := json.Unmarshal([]byte(draft.Filing), &view.Content); err != nil {
			return nil, fmt.Errorf("draft %d: %w", draft.ID, err)
		}
	}
	var files []models.Attachment
	if err := w.ownFiles(duty).Order("id").Find(&files).Error; err != nil {
		return nil, fmt.Errorf("files of draft: %w", store.Translate(err))
	}
	view.Files, err = attachmentViews(w.tx, files)
	return view, err
}
