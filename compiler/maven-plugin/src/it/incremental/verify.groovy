def log = new File(basedir, 'build.log').text
assert log.count('Compiling 2 models') == 1
assert log.count('Nothing to compile - all models are up to date (seen in ') == 2
['First', 'Second'].each { name ->
    assert new File(basedir, "target/classes/${name}.class").exists()
    assert new File(basedir, "target/classes/${name}Session.weights").exists()
}
true
