package dev.tern.maven;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.apache.maven.project.MavenProject;
import org.apache.maven.toolchain.ToolchainManager;
import org.sonatype.plexus.build.incremental.BuildContext;

/**
 * Compiles the models below {@code src/main/tern}: each becomes a class in the package that its folder names, with its
 * weights beside it, and the source of a class to use it by. Does nothing where nothing has changed.
 */
@Mojo(name = "compile", defaultPhase = LifecyclePhase.GENERATE_SOURCES, threadSafe = true, //
        requiresDependencyResolution = ResolutionScope.COMPILE)
public final class CompileMojo extends AbstractMojo {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final List<String> MODELS = List.of(".tern", ".onnx", ".tflite");

    /** The target whose classes need no runtime. */
    private static final String EDGE = "edge";

    /** The folder of models. */
    @Parameter(property = "tern.sourceDirectory", defaultValue = "${project.basedir}/src/main/tern")
    private File sourceDirectory;

    /** Where the sources of the classes to use go. */
    @Parameter(defaultValue = "${project.build.directory}/generated-sources/tern")
    private File generatedSourcesDirectory;

    /** Where class files and weights go. */
    @Parameter(defaultValue = "${project.build.outputDirectory}")
    private File classesDirectory;

    /** Where the plugin keeps what it needs to know next time. */
    @Parameter(defaultValue = "${project.build.directory}/tern", readonly = true)
    private File stateDirectory;

    /**
     * What the classes are for: {@code portable}, plain loops alone; {@code 128}, {@code 256} or {@code 512}, with
     * vector code of so many bits beside them, which runs where the JVM is started with the Vector API's module; or
     * {@code edge}, one class for Java 8 and small JVMs that needs {@code java.lang} alone. Plain loops, 256 and 512
     * without.
     */
    @Parameter(property = "tern.target")
    private String target;

    /** Whether the runtime's classes are taken along, so that the project needs no dependency on tern-runtime. */
    @Parameter(property = "tern.standalone", defaultValue = "false")
    private boolean standalone;

    /** The folder of a JDK 25 or later, which runs the compiler; found without where it is in a usual place. */
    @Parameter(property = "tern.jdk")
    private File jdk;

    /** Whether nothing is done. */
    @Parameter(property = "tern.skip", defaultValue = "false")
    private boolean skip;

    @Parameter(defaultValue = "${project}", readonly = true)
    private MavenProject project;

    @Parameter(defaultValue = "${session}", readonly = true)
    private MavenSession session;

    @Parameter(defaultValue = "${mojoExecution}", readonly = true)
    private MojoExecution execution;

    @Parameter(defaultValue = "${plugin}", readonly = true)
    private PluginDescriptor plugin;

    private final ToolchainManager toolchains;
    private final BuildContext context;

    /** Made by Maven. */
    @Inject
    public CompileMojo(ToolchainManager toolchains, BuildContext context) {
        this.toolchains = toolchains;
        this.context = context;
    }

    @Override
    public void execute() throws MojoExecutionException, MojoFailureException {
        if (skip) {
            getLog().info("Models are left as they are (tern.skip)");
            return;
        }
        long start = System.nanoTime();
        // Executions with other targets have models of their own.
        Path state = stateDirectory.toPath().resolve(execution.getExecutionId() + ".properties");
        CompiledModels before = CompiledModels.read(state);
        List<Path> models = models();
        if (models.isEmpty() && before.isEmpty()) {
            getLog().info("No models in " + sourceDirectory);
            return;
        }
        project.addCompileSourceRoot(generatedSourcesDirectory.getPath());
        String options = plugin.getVersion() + " target=" + target + " standalone=" + standalone + " "
                + generatedSourcesDirectory + " " + classesDirectory;
        if (before.isUpToDate(options, models)) {
            getLog().info("Nothing to compile - all models are up to date (seen in "
                    + (System.nanoTime() - start) / NANOS_PER_MILLI + " ms)");
            return;
        }
        requireRuntime();
        try {
            before.deleteResults();
            CompiledModels now = models.isEmpty() ? CompiledModels.none() : compile(options, models);
            now.write(state);
            now.writes().forEach(file -> context.refresh(file.toFile()));
        } catch (IOException e) {
            throw new MojoExecutionException("The models' classes cannot be written: " + e.getMessage(), e);
        }
    }

    private List<Path> models() throws MojoExecutionException {
        if (!sourceDirectory.isDirectory()) {
            return List.of();
        }
        try (var files = Files.walk(sourceDirectory.toPath())) {
            return files.filter(file -> MODELS.stream().anyMatch(file.getFileName().toString()::endsWith)).sorted()
                    .toList();
        } catch (IOException e) {
            throw new MojoExecutionException("The folder of models cannot be read: " + e.getMessage(), e);
        }
    }

    private void requireRuntime() throws MojoFailureException {
        boolean present = project.getArtifacts().stream().anyMatch(
                artifact -> artifact.getGroupId().equals("dev.tern") && artifact.getArtifactId().equals(
                        "tern-runtime"));
        if (!present && !standalone && !EDGE.equals(target)) {
            throw new MojoFailureException("Compiled models need dev.tern:tern-runtime:" + plugin.getVersion()
                    + ": add it to the dependencies of this project, or set <standalone>true</standalone> to take its"
                    + " classes along");
        }
    }

    private CompiledModels compile(String options, List<Path> models)
            throws MojoExecutionException, MojoFailureException, IOException {
        getLog().info("Compiling " + models.size() + (models.size() == 1 ? " model" : " models") + " from "
                + sourceDirectory);
        List<Path> classPath = plugin.getArtifacts().stream().map(Artifact::getFile).map(File::toPath).toList();
        CompilerProcess compiler = new CompilerProcess(new JdkFinder(session, toolchains).find(jdk), classPath);
        CompilerProcess.Result result = compiler.generate(sourceDirectory.toPath(), classesDirectory.toPath(),
                generatedSourcesDirectory.toPath(), Optional.ofNullable(target), standalone);
        DiagnosticReport report = new DiagnosticReport(getLog(), context);
        models.forEach(model -> context.removeMessages(model.toFile()));
        int errors = report.show(result.diagnostics());
        if (errors > 0) {
            throw new MojoFailureException(
                    "Model compilation failure: " + errors + (errors == 1 ? " error" : " errors") + ", see above");
        }
        return CompiledModels.of(options, result.reads(), result.writes());
    }
}
