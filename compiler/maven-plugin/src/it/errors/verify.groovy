def log = new File(basedir, 'build.log').text
def folder = new File(basedir, 'src/main/tern/com/acme').path
assert log.contains("[ERROR] ${folder}/wrong.tern:[2,9] T0301: `+` cannot join f32[4] and f32[3]")
assert log.contains("[ERROR] ${folder}/twin2.tern:[1,1] ")
assert log.contains("${folder}/twin.tern would both become the class com.acme.Same")
assert log.contains('Model compilation failure: 2 errors')
assert !new File(basedir, 'target/classes').exists()
assert !new File(basedir, 'target/generated-sources/tern').exists()
true
