package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"sundial/frontend"
	"sundial/server/gate"
)

// route is one page route with what it asks of its caller.
type route struct {
	method  string
	path    string
	access  gate.Access
	handler handler
}

// routes is the route table of the pages.
var routes = []route{
	{http.MethodGet, "/login", gate.Open(), (*Server).showLogin},
	{http.MethodPost, "/login", gate.Open(), (*Server).login},
	{http.MethodPost, "/logout", gate.Open(), (*Server).logout},
	{http.MethodPost, "/language", gate.Open(), (*Server).chooseLanguage},
	{http.MethodPost, "/theme", gate.Open(), (*Server).chooseTheme},
	{http.MethodGet, "/invitation/:secret", gate.Open(), (*Server).showInvitation},
	{http.MethodPost, "/invitation/:secret", gate.Open(), (*Server).acceptInvitation},
	{http.MethodGet, "/attend", gate.Open(), (*Server).showAttend},
	{http.MethodPost, "/attend", gate.Open(), (*Server).attend},
	{http.MethodGet, "/attend/:session", gate.Open(), (*Server).showAttend},
	{http.MethodPost, "/attend/:session", gate.Open(), (*Server).attend},
	{http.MethodGet, "/certificates", gate.Open(), (*Server).checkCertificate},

	{http.MethodGet, "/help", gate.Open(), (*Server).showHelp},
	{http.MethodGet, "/public", gate.Open(), (*Server).showPublic},
	{http.MethodGet, "/public/data", gate.Open(), (*Server).showPublicData},
	{http.MethodGet, "/public/catalog.json", gate.Open(), (*Server).sendCatalog},
	{http.MethodGet, "/robots.txt", gate.Open(), (*Server).showRobots},
	{http.MethodGet, "/public/bulletins/:series", gate.Open(), (*Server).showPublicBulletin},
	{http.MethodGet, "/public/bulletins/:series/:edition", gate.Open(), (*Server).showPublicBulletin},
	{http.MethodGet, "/public/bulletins/:series/:edition/document.docx", gate.Open(), (*Server).downloadPublicDocument},
	{http.MethodGet, "/public/bulletins/:series/:edition/:file", gate.Open(), (*Server).downloadPublicFile},

	{http.MethodGet, "/", gate.SignedIn(), (*Server).showHome},
	{http.MethodGet, "/account", gate.SignedIn(), (*Server).showAccount},
	{http.MethodPost, "/account/password", gate.SignedIn(), (*Server).changePassword},
	{http.MethodPost, "/tour/end", gate.SignedIn(), (*Server).endTour},
	{http.MethodPost, "/tour/again", gate.SignedIn(), (*Server).beginTour},
	{http.MethodGet, "/search", gate.SignedIn(), (*Server).search},
	{http.MethodGet, "/views", gate.SignedIn(), (*Server).listViews},
	{http.MethodPost, "/views", gate.SignedIn(), (*Server).saveView},
	{http.MethodPost, "/views/:id/remove", gate.SignedIn(), (*Server).removeView},
	{http.MethodGet, "/inbox", gate.SignedIn(), (*Server).showInbox},
	{http.MethodPost, "/inbox/read", gate.SignedIn(), (*Server).readInbox},
	{http.MethodPost, "/inbox/:id/open", gate.SignedIn(), (*Server).openMessage},

	{http.MethodGet, "/units/:code/board", gate.To("board", "read"), (*Server).showBoard},
	{http.MethodGet, "/units/:code/charts", gate.To("board", "read"), (*Server).showCharts},
	{http.MethodGet, "/units/:code/charts/:figure", gate.To("board", "read"), (*Server).showFigure},
	{http.MethodGet, "/units/:code/charts/:figure/table.csv", gate.To("board", "read"), (*Server).downloadFigure},
	{http.MethodGet, "/units/:code", gate.To("duty", "read"), (*Server).showUnit},
	{http.MethodGet, "/units/:code/standing", gate.To("duty", "read"), (*Server).showStanding},
	{http.MethodGet, "/units/:code/weight", gate.To("duty", "read"), (*Server).showWeights},
	{http.MethodGet, "/units/:code/weight.csv", gate.To("duty", "read"), (*Server).downloadWeights},
	{http.MethodGet, "/units", gate.To("unit", "manage"), (*Server).listUnits},
	{http.MethodGet, "/units/:code/manage", gate.To("unit", "manage"), (*Server).manageUnit},
	{http.MethodPost, "/units/:code/changes", gate.To("unit", "manage"), (*Server).changeUnit},

	{http.MethodGet, "/duties", gate.To("duty", "read"), (*Server).listDuties},
	{http.MethodGet, "/duties/:id", gate.To("duty", "read"), (*Server).showDuty},
	{http.MethodPost, "/duties/:id/reports", gate.To("report", "file"), (*Server).fileReport},
	{http.MethodPost, "/duties/:id/draft", gate.To("report", "file"), (*Server).saveDraft},
	{http.MethodPost, "/duties/:id/draft/discard", gate.To("report", "file"), (*Server).discardDraft},
	{http.MethodGet, "/duties/:id/scheme", gate.To("report", "file"), (*Server).downloadSchemeTemplate},
	{http.MethodPost, "/duties/:id/scheme", gate.To("report", "file"), (*Server).readScheme},
	{http.MethodPost, "/duties/:id/evidence", gate.To("report", "file"), (*Server).attachEvidence},
	{http.MethodGet, "/evidence/:id", gate.To("report", "read"), (*Server).downloadEvidence},
	{http.MethodPost, "/evidence/:id/remove", gate.To("report", "file"), (*Server).detachEvidence},
	{http.MethodPost, "/reports/:id/withdraw", gate.To("report", "file"), (*Server).withdrawReport},
	{http.MethodPost, "/duties/:id/starts", gate.To("trigger", "register"), (*Server).registerStart},

	{http.MethodGet, "/training", gate.To("rotation", "read"), (*Server).showTraining},
	{http.MethodGet, "/units/:code/rotation", gate.To("rotation", "read"), (*Server).showCoverage},
	{http.MethodGet, "/units/:code/rotation/left", gate.To("rotation", "read"), (*Server).listLeft},
	{http.MethodGet, "/units/:code/rotation/left.csv", gate.To("rotation", "read"), (*Server).downloadLeft},
	{http.MethodGet, "/units/:code/planner", gate.To("nomination", "decide"), (*Server).showPlanner},
	{http.MethodPost, "/units/:code/planner", gate.To("nomination", "decide"), (*Server).applyPlanner},
	{http.MethodGet, "/units/:code/planner.csv", gate.To("nomination", "decide"), (*Server).downloadPlanner},
	{http.MethodGet, "/units/:code/training-statistics", gate.To("rotation", "read"), (*Server).showStatistics},

	{http.MethodGet, "/assessment", gate.To("score", "read"), (*Server).showAssessment},
	{http.MethodGet, "/units/:code/assessment", gate.To("score", "read"), (*Server).listRounds},
	{http.MethodGet, "/units/:code/assessment/new", gate.To("round", "manage"), (*Server).showRoundForm},
	{http.MethodPost, "/units/:code/assessment", gate.To("round", "manage"), (*Server).openRound},
	{http.MethodGet, "/rounds/:id", gate.To("score", "read"), (*Server).showRound},
	{http.MethodPost, "/rounds/:id/dates", gate.To("round", "manage"), (*Server).changeRound},
	{http.MethodPost, "/rounds/:id/assessors", gate.To("round", "manage"), (*Server).assignAssessor},
	{http.MethodPost, "/rounds/:id/assessors/remove", gate.To("round", "manage"), (*Server).unassignAssessor},
	{http.MethodPost, "/rounds/:id/units", gate.To("round", "manage"), (*Server).addRoundUnit},
	{http.MethodPost, "/rounds/:id/units/remove", gate.To("round", "manage"), (*Server).takeOutRoundUnit},
	{http.MethodGet, "/rounds/:id/announce", gate.To("round", "manage"), (*Server).confirmAnnounce},
	{http.MethodPost, "/rounds/:id/announce", gate.To("round", "manage"), (*Server).announceRound},
	{http.MethodGet, "/rounds/:id/freeze", gate.To("round", "manage"), (*Server).confirmFreeze},
	{http.MethodPost, "/rounds/:id/freeze", gate.To("round", "manage"), (*Server).freezeRound},

	{http.MethodGet, "/supervision", gate.To("task", "read"), (*Server).showSupervision},
	{http.MethodGet, "/units/:code/tasks", gate.To("task", "read"), (*Server).listTasks},
	{http.MethodPost, "/units/:code/tasks", gate.To("task", "manage"), (*Server).addTask},
	{http.MethodGet, "/units/:code/tasks.csv", gate.To("task", "read"), (*Server).downloadTasks},
	{http.MethodGet, "/units/:code/tasks/open", gate.To("task", "manage"), (*Server).showTaskOpen},
	{http.MethodPost, "/units/:code/tasks/open", gate.To("task", "manage"), (*Server).openTasks},
	{http.MethodGet, "/units/:code/tasks/new", gate.To("task", "manage"), (*Server).showTaskForm},
	{http.MethodGet, "/tasks/:id", gate.To("task", "read"), (*Server).showTask},
	{http.MethodPost, "/tasks/:id/progress", gate.To("task", "report"), (*Server).reportTask},
	{http.MethodPost, "/tasks/:id/return", gate.To("task", "manage"), (*Server).returnTask},
	{http.MethodPost, "/tasks/:id/end", gate.To("task", "manage"), (*Server).endTaskShare},
	{http.MethodPost, "/tasks/:id/units", gate.To("task", "manage"), (*Server).assignTask},
	{http.MethodPost, "/tasks/:id/due", gate.To("task", "manage"), (*Server).redateTask},

	{http.MethodGet, "/units/:code/bulletins", gate.To("bulletin", "read"), (*Server).listBulletins},
	{http.MethodGet, "/units/:code/bulletins/new", gate.To("bulletin", "manage"), (*Server).showBulletinForm},
	{http.MethodPost, "/units/:code/bulletins", gate.To("bulletin", "manage"), (*Server).draftBulletin},
	{http.MethodGet, "/bulletins/:id", gate.To("bulletin", "read"), (*Server).showBulletin},
	{http.MethodGet, "/bulletins/:id/document.docx", gate.To("bulletin", "read"), (*Server).downloadBulletinDocument},
	{http.MethodPost, "/bulletins/:id/words", gate.To("bulletin", "manage"), (*Server).saveBulletinWords},
	{http.MethodPost, "/bulletins/:id/compose", gate.To("bulletin", "manage"), (*Server).recomposeBulletin},
	{http.MethodGet, "/bulletins/:id/check", gate.To("bulletin", "manage"), (*Server).checkBulletin},
	{http.MethodPost, "/bulletins/:id/publish", gate.To("bulletin", "manage"), (*Server).publishBulletin},
	{http.MethodPost, "/bulletins/:id/discard", gate.To("bulletin", "manage"), (*Server).discardBulletin},
	{http.MethodPost, "/bulletins/:id/editions", gate.To("bulletin", "manage"), (*Server).correctBulletin},
	{http.MethodGet, "/units/:code/inspections", gate.To("inspection", "read"), (*Server).listInspections},
	{http.MethodGet, "/units/:code/inspections/new", gate.To("inspection", "manage"), (*Server).showInspectionForm},
	{http.MethodPost, "/units/:code/inspections", gate.To("inspection", "manage"), (*Server).openInspection},
	{http.MethodGet, "/inspections/:id", gate.To("inspection", "read"), (*Server).showInspection},
	{http.MethodGet, "/inspections/:id/draw", gate.To("inspection", "read"), (*Server).showDraw},
	{http.MethodPost, "/inspections/:id/change", gate.To("inspection", "manage"), (*Server).changeInspection},
	{http.MethodPost, "/inspections/:id/units", gate.To("inspection", "manage"), (*Server).addInspectionUnit},
	{http.MethodPost, "/inspections/:id/units/remove", gate.To("inspection", "manage"), (*Server).removeInspectionUnit},
	{http.MethodPost, "/inspections/:id/checks", gate.To("inspection", "manage"), (*Server).checkInspectionUnit},
	{http.MethodPost, "/inspections/:id/close", gate.To("inspection", "manage"), (*Server).closeInspection},
	{http.MethodGet, "/inspections/:id/findings/new", gate.To("inspection", "manage"), (*Server).showFindingForm},
	{http.MethodPost, "/inspections/:id/findings", gate.To("inspection", "manage"), (*Server).enterFinding},
	{http.MethodGet, "/units/:code/findings", gate.To("inspection", "read"), (*Server).listFindings},
	{http.MethodGet, "/units/:code/findings.csv", gate.To("inspection", "read"), (*Server).downloadFindings},
	{http.MethodGet, "/findings/:id", gate.To("inspection", "read"), (*Server).showFinding},
	{http.MethodPost, "/findings/:id/withdraw", gate.To("inspection", "manage"), (*Server).withdrawFinding},

	{http.MethodGet, "/queue", gate.To("report", "verify"), (*Server).showQueue},
	{http.MethodPost, "/reports/:id/verify", gate.To("report", "verify"), (*Server).verifyReport},
	{http.MethodPost, "/reports/:id/return", gate.To("report", "return"), (*Server).returnReport},
	{http.MethodPost, "/queue/verify", gate.To("report", "verify"), (*Server).verifyChosen},
	{http.MethodPost, "/reports/:id/reopen", gate.To("report", "reopen"), (*Server).reopenReport},
	{http.MethodPost, "/reports/:id/link-check", gate.To("link", "check"), (*Server).checkLink},
	{http.MethodPost, "/duties/:id/extension", gate.To("extension", "grant"), (*Server).extendDuty},
	{http.MethodPost, "/duties/:id/exemption", gate.To("exemption", "grant"), (*Server).exemptDuty},
	{http.MethodPost, "/duties/:id/exemption/revoke", gate.To("exemption", "grant"), (*Server).revokeExemption},
	{http.MethodGet, "/units/:code/periods", gate.To("period", "close"), (*Server).showPeriods},
	{http.MethodPost, "/units/:code/periods", gate.To("period", "close"), (*Server).closePeriod},
	{http.MethodPost, "/periods/:id/lift", gate.To("period", "close"), (*Server).liftClosing},
	{http.MethodPost, "/periods/:id/exceptions", gate.To("period", "close"), (*Server).exceptUnit},

	{http.MethodGet, "/units/:code/imports", gate.To("roster", "manage"), (*Server).listImports},
	{http.MethodPost, "/units/:code/imports", gate.To("roster", "manage"), (*Server).receiveImport},
	{http.MethodGet, "/units/:code/imports/template", gate.To("roster", "manage"), (*Server).downloadTemplate},
	{http.MethodGet, "/imports/:id", gate.To("roster", "manage"), (*Server).showImport},
	{http.MethodPost, "/imports/:id/confirm", gate.To("roster", "manage"), (*Server).confirmImport},
	{http.MethodPost, "/imports/:id/drop", gate.To("roster", "manage"), (*Server).dropImport},
	{http.MethodGet, "/imports/:id/faults", gate.To("roster", "manage"), (*Server).downloadFaults},

	{http.MethodGet, "/rounds/:id/import", gate.To("score", "import"), (*Server).showScoreImport},
	{http.MethodPost, "/rounds/:id/import", gate.To("score", "import"), (*Server).receiveScores},
	{http.MethodPost, "/rounds/:id/import/confirm", gate.To("score", "import"), (*Server).confirmScores},
	{http.MethodPost, "/rounds/:id/import/drop", gate.To("score", "import"), (*Server).dropScores},
	{http.MethodGet, "/rounds/:id/import/faults", gate.To("score", "import"), (*Server).downloadScoreFaults},
	{http.MethodGet, "/rounds/:id/import/template", gate.To("score", "import"), (*Server).downloadScoreTemplate},
	{http.MethodGet, "/rounds/:id/scores.xlsx", gate.To("score", "read"), (*Server).downloadScoreTable},
	{http.MethodGet, "/rounds/:id/scores.csv", gate.To("score", "read"), (*Server).downloadScoreList},

	{http.MethodGet, "/units/:code/courses", gate.To("rotation", "read"), (*Server).listCourses},
	{http.MethodPost, "/units/:code/courses", gate.To("course", "manage"), (*Server).addCourse},
	{http.MethodGet, "/units/:code/plan", gate.To("course", "manage"), (*Server).showPlan},
	{http.MethodPost, "/units/:code/plan", gate.To("course", "manage"), (*Server).putPlan},
	{http.MethodPost, "/units/:code/plan/copy", gate.To("course", "manage"), (*Server).copyPlan},
	{http.MethodGet, "/courses/:id", gate.To("rotation", "read"), (*Server).showCourse},
	{http.MethodPost, "/courses/:id", gate.To("course", "manage"), (*Server).editCourse},
	{http.MethodPost, "/courses/:id/retirement", gate.To("course", "manage"), (*Server).retireCourse},
	{http.MethodGet, "/units/:code/sessions", gate.To("rotation", "read"), (*Server).listSessions},
	{http.MethodPost, "/units/:code/sessions", gate.To("course", "manage"), (*Server).addSession},
	{http.MethodGet, "/units/:code/sessions/new", gate.To("course", "manage"), (*Server).showSessionForm},
	{http.MethodGet, "/sessions/:id", gate.To("rotation", "read"), (*Server).showSession},
	{http.MethodGet, "/sessions/:id/edit", gate.To("course", "manage"), (*Server).showSessionEdit},
	{http.MethodPost, "/sessions/:id/edit", gate.To("course", "manage"), (*Server).editSession},
	{http.MethodPost, "/sessions/:id/cancel", gate.To("course", "manage"), (*Server).cancelSession},
	{http.MethodPost, "/sessions/:id/held", gate.To("course", "manage"), (*Server).holdSession},
	{http.MethodPost, "/sessions/:id/reopen", gate.To("course", "manage"), (*Server).reopenSession},
	{http.MethodGet, "/sessions/:id/sheet", gate.To("course", "manage"), (*Server).showSheet},
	{http.MethodPost, "/sessions/:id/nominations", gate.To("nomination", "make"), (*Server).nominate},
	{http.MethodPost, "/sessions/:id/nominations/confirm", gate.To("nomination", "decide"), (*Server).confirmNominations},
	{http.MethodPost, "/sessions/:id/nominations/withdraw", gate.To("nomination", "make"), (*Server).withdrawNominations},
	{http.MethodPost, "/sessions/:id/nominations/move", gate.To("nomination", "make"), (*Server).moveNominations},
	{http.MethodGet, "/sessions/:id/attendance", gate.To("rotation", "read"), (*Server).showAttendance},
	{http.MethodPost, "/sessions/:id/attendance", gate.To("attendance", "record"), (*Server).saveAttendance},
	{http.MethodPost, "/sessions/:id/walk-ins", gate.To("attendance", "record"), (*Server).recordWalkIn},
	{http.MethodGet, "/sessions/:id/code", gate.To("attendance", "record"), (*Server).showRoomCode},
	{http.MethodPost, "/attendances/:id/remove", gate.To("attendance", "record"), (*Server).removeAttendance},
	{http.MethodGet, "/attendances/:id/certificate", gate.To("rotation", "read"), (*Server).showCertificate},

	{http.MethodGet, "/rounds/:id/results", gate.To("score", "read"), (*Server).showResults},
	{http.MethodGet, "/rounds/:id/results.csv", gate.To("score", "read"), (*Server).downloadResults},
	{http.MethodGet, "/sheets/:id/arithmetic", gate.To("score", "read"), (*Server).showArithmetic},

	{http.MethodGet, "/units/:code/roster", gate.To("rotation", "read"), (*Server).showRoster},
	{http.MethodGet, "/units/:code/roster.csv", gate.To("rotation", "read"), (*Server).downloadRoster},
	{http.MethodPost, "/units/:code/roster", gate.To("roster", "keep"), (*Server).addStaff},
	{http.MethodPost, "/units/:code/roster/move-all", gate.To("roster", "keep"), (*Server).moveAllStaff},
	{http.MethodGet, "/units/:code/duplicates", gate.To("roster", "manage"), (*Server).showDuplicates},
	{http.MethodGet, "/people/:id", gate.To("rotation", "read"), (*Server).showPerson},
	{http.MethodPost, "/people/:id/changes", gate.To("roster", "keep"), (*Server).changePerson},
	{http.MethodGet, "/people/:id/merge", gate.To("roster", "manage"), (*Server).showMerge},
	{http.MethodPost, "/people/:id/merge", gate.To("roster", "manage"), (*Server).mergePeople},

	{http.MethodGet, "/units/:code/schemes", gate.To("scheme", "read"), (*Server).listSchemes},
	{http.MethodPost, "/units/:code/schemes", gate.To("scheme", "manage"), (*Server).addScheme},
	{http.MethodGet, "/units/:code/schemes/upload", gate.To("scheme", "manage"), (*Server).showSchemeUpload},
	{http.MethodGet, "/units/:code/schemes/new", gate.To("scheme", "manage"), (*Server).showNewScheme},
	{http.MethodPost, "/units/:code/schemes/new", gate.To("scheme", "manage"), (*Server).addSchemeByForm},
	{http.MethodGet, "/schemes/:id", gate.To("scheme", "read"), (*Server).showScheme},
	{http.MethodGet, "/schemes/:id/source", gate.To("scheme", "read"), (*Server).showSchemeSource},
	{http.MethodPost, "/schemes/:id/source", gate.To("scheme", "manage"), (*Server).changeSchemeSource},
	{http.MethodGet, "/schemes/:id/edit", gate.To("scheme", "manage"), (*Server).showSchemeForm},
	{http.MethodPost, "/schemes/:id/edit", gate.To("scheme", "manage"), (*Server).editScheme},
	{http.MethodPost, "/schemes/:id/copy", gate.To("scheme", "manage"), (*Server).copyScheme},
	{http.MethodPost, "/schemes/:id/discard", gate.To("scheme", "manage"), (*Server).discardScheme},
	{http.MethodGet, "/schemes/:id/freeze", gate.To("scheme", "manage"), (*Server).previewFreeze},
	{http.MethodPost, "/schemes/:id/freeze", gate.To("scheme", "manage"), (*Server).freezeScheme},
	{http.MethodGet, "/schemes/:id/download", gate.To("scheme", "read"), (*Server).downloadScheme},
	{http.MethodGet, "/sheets/:id", gate.To("score", "read"), (*Server).showScoreSheet},
	{http.MethodPost, "/sheets/:id/self", gate.To("score", "self"), (*Server).saveSelfScores},
	{http.MethodPost, "/sheets/:id/marks", gate.To("score", "edit"), (*Server).saveMarks},
	{http.MethodPost, "/sheets/:id/submit", gate.To("score", "self"), (*Server).submitScoreSheet},
	{http.MethodPost, "/sheets/:id/return", gate.To("score", "edit"), (*Server).returnScoreSheet},
	{http.MethodPost, "/sheets/:id/accept", gate.To("score", "edit"), (*Server).acceptSelfScores},
	{http.MethodPost, "/sheets/:id/complete", gate.To("score", "edit"), (*Server).completeScoreSheet},
	{http.MethodPost, "/sheets/:id/resume", gate.To("score", "edit"), (*Server).resumeScoreSheet},
	{http.MethodPost, "/sheets/:id/files", gate.To("score", "self"), (*Server).attachScoreFile},
	{http.MethodGet, "/rounds/:id/appeals", gate.To("score", "read"), (*Server).listAppeals},
	{http.MethodGet, "/sheets/:id/appeals/new", gate.To("appeal", "file"), (*Server).showAppealForm},
	{http.MethodPost, "/sheets/:id/appeals", gate.To("appeal", "file"), (*Server).fileAppeal},
	{http.MethodGet, "/appeals/:id", gate.To("score", "read"), (*Server).showAppeal},
	{http.MethodPost, "/appeals/:id/withdraw", gate.To("appeal", "file"), (*Server).withdrawAppeal},
	{http.MethodPost, "/appeals/:id/files", gate.To("appeal", "file"), (*Server).attachAppealFile},
	{http.MethodPost, "/appeals/:id/decision", gate.To("appeal", "decide"), (*Server).decideAppeal},
	{http.MethodGet, "/units/:code/rectifications", gate.To("rectification", "read"), (*Server).listRectifications},
	{http.MethodGet, "/units/:code/rectifications.csv", gate.To("rectification", "read"), (*Server).downloadRectifications},
	{http.MethodGet, "/sheets/:id/rectifications/new", gate.To("rectification", "demand"), (*Server).showDemandForm},
	{http.MethodPost, "/sheets/:id/rectifications", gate.To("rectification", "demand"), (*Server).demandRectifications},
	{http.MethodGet, "/rectifications/:id", gate.To("rectification", "read"), (*Server).showRectification},
	{http.MethodPost, "/rectifications/:id/answer", gate.To("rectification", "answer"), (*Server).answerRectification},
	{http.MethodPost, "/rectifications/:id/return", gate.To("rectification", "demand"), (*Server).returnRectification},
	{http.MethodPost, "/rectifications/:id/close", gate.To("rectification", "demand"), (*Server).closeRectification},
	{http.MethodPost, "/rectifications/:id/withdraw", gate.To("rectification", "demand"), (*Server).withdrawRectification},
	// Whose step a file belongs to says who reads it; every role reads some of each kind.
	{http.MethodGet, "/files/:id", gate.To("rectification", "read"), (*Server).downloadCaseFile},

	{http.MethodGet, "/score-files/:id", gate.To("score", "read"), (*Server).downloadScoreFile},
	{http.MethodPost, "/score-files/:id/remove", gate.To("score", "self"), (*Server).detachScoreFile},

	{http.MethodGet, "/units/:code/urges", gate.To("urge", "read"), (*Server).listUrges},
	{http.MethodPost, "/units/:code/urges", gate.To("urge", "send"), (*Server).sendUrges},
	{http.MethodGet, "/units/:code/urges.csv", gate.To("urge", "read"), (*Server).downloadUrges},
	{http.MethodGet, "/units/:code/urges/new", gate.To("urge", "send"), (*Server).showUrgeForm},
	{http.MethodPost, "/units/:code/urges/new", gate.To("urge", "send"), (*Server).composeUrges},
	{http.MethodGet, "/units/:code/urges/rule", gate.To("urge", "send"), (*Server).showUrgeRule},
	{http.MethodPost, "/units/:code/urges/rule", gate.To("urge", "send"), (*Server).setUrgeRule},
	{http.MethodGet, "/urges/:id", gate.To("urge", "read"), (*Server).showUrge},
	{http.MethodPost, "/urges/:id/receipt", gate.To("urge", "answer"), (*Server).receiveUrge},
	{http.MethodPost, "/urges/:id/reply", gate.To("urge", "answer"), (*Server).replyToUrge},
	{http.MethodPost, "/urges/:id/withdraw", gate.To("urge", "send"), (*Server).withdrawUrge},

	{http.MethodGet, "/audit", gate.To("audit", "read"), (*Server).showAudit},
	{http.MethodGet, "/users", gate.To("user", "manage"), (*Server).listUsers},
	{http.MethodPost, "/users", gate.To("user", "manage"), (*Server).inviteUser},
	{http.MethodGet, "/users/:login", gate.To("user", "manage"), (*Server).showUser},
	{http.MethodPost, "/users/:login/grants", gate.To("user", "manage"), (*Server).addGrant},
	{http.MethodPost, "/users/:login/grants/:id/remove", gate.To("user", "manage"), (*Server).removeGrant},
	{http.MethodPost, "/users/:login/disable", gate.To("user", "manage"), (*Server).disableUser},
	{http.MethodPost, "/users/:login/enable", gate.To("user", "manage"), (*Server).enableUser},
	{http.MethodPost, "/users/:login/reset", gate.To("user", "manage"), (*Server).resetUser},
	{http.MethodPost, "/users/:login/revoke-tokens", gate.To("user", "manage"), (*Server).revokeTokens},

	{http.MethodGet, "/policies", gate.To("policy", "read"), (*Server).listPolicies},
	{http.MethodGet, "/policies/:code", gate.To("policy", "read"), (*Server).showPolicy},
	{http.MethodGet, "/policies/new", gate.To("policy", "activate"), (*Server).showPackForm},
	{http.MethodPost, "/policies/new", gate.To("policy", "activate"), (*Server).previewPack},
	{http.MethodPost, "/policies", gate.To("policy", "activate"), (*Server).loadPack},
	{http.MethodGet, "/policies/:code/activation", gate.To("policy", "activate"), (*Server).previewActivation},
	{http.MethodPost, "/policies/:code/activations", gate.To("policy", "activate"), (*Server).activatePolicy},
	{http.MethodGet, "/policies/:code/amendment", gate.To("policy", "activate"), (*Server).showAmendmentForm},
	{http.MethodPost, "/policies/:code/amendment/preview", gate.To("policy", "activate"), (*Server).previewAmendment},
	{http.MethodPost, "/policies/:code/amendment", gate.To("policy", "activate"), (*Server).amendPolicy},
	{http.MethodGet, "/policies/:code/retirement", gate.To("policy", "activate"), (*Server).showRetirement},
	{http.MethodPost, "/policies/:code/retirement", gate.To("policy", "activate"), (*Server).retirePolicy},
	{http.MethodPost, "/policies/:code/levels", gate.To("policy", "activate"), (*Server).setLevels},
	{http.MethodGet, "/policies/:code/editions/:edition", gate.To("policy", "activate"), (*Server).downloadEdition},

	{http.MethodGet, "/calendar", gate.To("policy", "read"), (*Server).showCalendar},
	{http.MethodPost, "/calendar/preview", gate.To("calendar", "manage"), (*Server).previewNotice},
	{http.MethodPost, "/calendar/notices", gate.To("calendar", "manage"), (*Server).enterNotice},
	{http.MethodPost, "/calendar/notices/:id/remove", gate.To("calendar", "manage"), (*Server).removeNotice},
}

// Route is a page route as the tests of access walk them.
type Route struct {
	Method string
	Path   string
	Access gate.Access
}

// Routes returns the route table of the pages.
func Routes() []Route {
	list := make([]Route, len(routes))
	for i, r := range routes {
		list[i] = Route{r.method, r.path, r.access}
	}
	return list
}

// Register adds all pages and the assets to the engine.
func (s *Server) Register(engine *gin.Engine) {
	for _, r := range routes {
		if r.isSavable() {
			s.pages = append(s.pages, r.path)
		}
		engine.Handle(r.method, r.path, s.handle(r.access, r.handler))
	}
	engine.GET(frontend.AssetPrefix+"*name", gin.WrapH(s.Assets))
	engine.HEAD(frontend.AssetPrefix+"*name", gin.WrapH(s.Assets))
}
