// Package evidence keeps what proves a report, as bytes: files in a Vault,
// stored once under their content hash after their type was inspected, and
// links, looked at on request by a LinkChecker. Which report a file belongs
// to, and who may see it, it does not know.
//
// What a person may correct comes back as a models.Error; other errors are
// faults of the machine.
package evidence
