def log = new File(basedir, 'build.log').text
assert log.contains('Compiled models need dev.tern:tern-runtime:')
assert log.contains('<standalone>true</standalone>')
true
